using System.Net;
using System.Text.RegularExpressions;
using OnlyMcp.Client.Authorization;

namespace OnlyMcp.Tests.Support;

/// <summary>
/// Plays the person and the browser: follows redirects, keeps cookies, fills in the form that asks for a password, and agrees, or not. It
/// reads the pages of our own authorization server, of oidc-provider, and others that are as simple.
/// </summary>
/// <example><code>
/// using var person = new HeadlessSignIn("alice", "secret");
/// new ClientAuthorization { SignIn = person.InBrowser() };    // The browser comes back to a listener.
/// new ClientAuthorization { SignIn = person.ByDelegate() };   // The address is returned.
/// </code></example>
internal sealed partial class HeadlessSignIn(string userName = "alice", string password = "secret", HttpMessageHandler? network = null) : IDisposable
{
    private const int MaxSteps = 20;

    private readonly HttpClient browser = new(network ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly List<BrowserCookie> cookies = [];
    private readonly List<BrowserStep> steps = [];

    /// <summary>Whether the person says no where the client asks for something.</summary>
    public bool Denies { get; set; }

    /// <summary>What was asked for and what came, in order: all sign-ins of this person.</summary>
    public IReadOnlyList<BrowserStep> Steps => steps;

    /// <summary>How often the person was sent to sign in.</summary>
    public int SignIns { get; private set; }

    /// <summary>A sign-in whose browser is this one: it comes back to the listener.</summary>
    public BrowserSignIn InBrowser(BrowserSignInOptions? options = null) => new((options ?? new()) with
    {
        OpenBrowser = async (address, token) =>
        {
            var callback = await SignInAsync(address, token);
            using var page = await browser.GetAsync(callback, token);
            page.EnsureSuccessStatusCode();
        },
    });

    /// <summary>A sign-in that returns the address at which the browser ends up; nobody listens there.</summary>
    public DelegateSignIn ByDelegate(string redirectUri = "http://127.0.0.1:1455/callback") =>
        new(new Uri(redirectUri), async (address, token) => await SignInAsync(address, token));

    /// <summary>Goes to an address, and on until the browser is sent to the request's <c>redirect_uri</c>, which is returned, and not visited.</summary>
    public async Task<Uri> SignInAsync(Uri authorizationUrl, CancellationToken cancellationToken = default)
    {
        SignIns++;
        var redirectUri = ParameterOf(authorizationUrl, "redirect_uri") ?? throw new ArgumentException($"{authorizationUrl} says not where to come back to.");
        var next = new HttpRequestMessage(HttpMethod.Get, authorizationUrl);
        for (var step = 0; step < MaxSteps; step++)
        {
            if (next.RequestUri!.AbsoluteUri.Split('?')[0] == new Uri(redirectUri).AbsoluteUri.Split('?')[0])
                return next.RequestUri;
            next = await StepAsync(next, cancellationToken);
        }

        throw new InvalidOperationException($"After {MaxSteps} steps the browser is still on its way.\n{string.Join('\n', steps.TakeLast(MaxSteps))}");
    }

    /// <summary>Forgets that anybody has signed in.</summary>
    public void ForgetCookies() => cookies.Clear();

    public void Dispose() => browser.Dispose();

    private async Task<HttpRequestMessage> StepAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        if (cookies.Where(cookie => cookie.IsFor(uri)).ToList() is { Count: > 0 } sent)
            request.Headers.Add("Cookie", string.Join("; ", sent.Select(cookie => $"{cookie.Name}={cookie.Value}")));
        using var response = await browser.SendAsync(request, cancellationToken);
        var page = await response.Content.ReadAsStringAsync(cancellationToken);
        steps.Add(new BrowserStep(request.Method.Method, uri, response.StatusCode, page));
        foreach (var line in response.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : [])
            Keep(BrowserCookie.Parse(line, uri));

        if (response.Headers.Location is { } location)
            return new HttpRequestMessage(HttpMethod.Get, new Uri(uri, location));
        if (Refresh().Match(page) is { Success: true } refresh)
            return new HttpRequestMessage(HttpMethod.Get, new Uri(uri, WebUtility.HtmlDecode(refresh.Groups["url"].Value)));
        return Answer(uri, page) ?? throw new InvalidOperationException(
            $"{uri.GetLeftPart(UriPartial.Path)} answered {(int)response.StatusCode} with a page on which the person can do nothing: {BrowserStep.TextOf(page)}");
    }

    /// <summary>What the person does on a page: signs in, agrees, or refuses; null if it has no form for that.</summary>
    private HttpRequestMessage? Answer(Uri uri, string page)
    {
        var forms = Form().Matches(page).Select(form => new HtmlForm(form.Groups["attributes"].Value, form.Groups["content"].Value)).ToList();
        if (forms.FirstOrDefault(form => form.AsksForPassword) is { } login)
            return IsRefused() ? null : Submit(uri, login, login.FilledIn(userName, password), login.Button(Agreement()));

        var wish = Denies ? Refusal() : Agreement();
        if (forms.FirstOrDefault(form => form.Button(wish) is not null) is { } consent)
            return Submit(uri, consent, consent.Fields, consent.Button(wish));
        return Denies && Abort().Match(page) is { Success: true } link
            ? new HttpRequestMessage(HttpMethod.Get, new Uri(uri, WebUtility.HtmlDecode(link.Groups["url"].Value)))
            : null;
    }

    /// <summary>Whether the form that has just been sent comes back: then the name or the password is wrong.</summary>
    private bool IsRefused() => steps is [.., var before, { Method: "POST" } now] && HtmlForm.HasPassword(before.Page) && HtmlForm.HasPassword(now.Page);

    private static HttpRequestMessage Submit(
        Uri uri, HtmlForm form, IEnumerable<KeyValuePair<string, string>> fields, KeyValuePair<string, string>? button)
    {
        var all = button is { Key.Length: > 0 } pressed ? fields.Append(pressed) : fields;
        var request = new HttpRequestMessage(HttpMethod.Post, form.Action is { Length: > 0 } action ? new Uri(uri, action) : uri)
        {
            Content = new FormUrlEncodedContent(all),
        };
        request.Headers.Add("Origin", uri.GetLeftPart(UriPartial.Authority));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return request;
    }

    private void Keep(BrowserCookie cookie)
    {
        cookies.RemoveAll(other => other.Name == cookie.Name && other.Host == cookie.Host && other.Path == cookie.Path);
        if (!cookie.IsOver)
            cookies.Add(cookie);
    }

    private static string? ParameterOf(Uri uri, string name) => uri.Query.TrimStart('?').Split('&').Select(parameter => parameter.Split('=', 2))
        .Where(pair => pair.Length == 2 && pair[0] == name).Select(pair => WebUtility.UrlDecode(pair[1])).FirstOrDefault();

    [GeneratedRegex(@"<form\b(?<attributes>[^>]*)>(?<content>.*?)</form>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    [GeneratedRegex(@"<meta\s+http-equiv=[""']?refresh[""']?\s+content=""\s*\d+\s*;\s*url=(?<url>[^""]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Refresh();

    [GeneratedRegex(@"<a\b[^>]*href=""(?<url>[^""]*/abort[^""]*)""", RegexOptions.IgnoreCase)]
    private static partial Regex Abort();

    [GeneratedRegex(@"\b(allow|continue|agree|accept|approve|authorize|yes|sign-?\s?in|log-?\s?in|confirm)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Agreement();

    [GeneratedRegex(@"\b(deny|cancel|refuse|no|abort)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Refusal();
}

/// <summary>One request of a browser, and the page that came.</summary>
internal sealed partial record BrowserStep(string Method, Uri Uri, HttpStatusCode Status, string Page)
{
    /// <summary>What a page says to a person.</summary>
    public static string TextOf(string page) => WebUtility.HtmlDecode(Spaces().Replace(Unseen().Replace(page, " "), " ")).Trim();

    public override string ToString() => $"{Method} {Uri.GetLeftPart(UriPartial.Path)}: {(int)Status} {TextOf(Page)}";

    [GeneratedRegex(@"<(style|script|head)\b.*?</\1>|<[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Unseen();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

/// <summary>A form of a simple page.</summary>
internal sealed partial class HtmlForm(string attributes, string content)
{
    private readonly List<Dictionary<string, string>> inputs = [.. Input().Matches(content).Select(input => AttributesOf(input.Groups["attributes"].Value))];

    /// <summary>Where it is sent; null for the page's own address.</summary>
    public string? Action => AttributesOf(attributes).GetValueOrDefault("action");

    public bool AsksForPassword => inputs.Any(IsPassword);

    /// <summary>What it holds without anybody's doing.</summary>
    public IEnumerable<KeyValuePair<string, string>> Fields => inputs
        .Where(input => input.ContainsKey("name") && TypeOf(input) is not ("submit" or "button" or "image" or "reset"))
        .Where(input => TypeOf(input) is not ("checkbox" or "radio") || input.ContainsKey("checked"))
        .Select(input => new KeyValuePair<string, string>(input["name"], input.GetValueOrDefault("value", "")));

    public static bool HasPassword(string page) => new HtmlForm("", page).AsksForPassword;

    /// <summary>What it holds when a person has written a name and a password into it.</summary>
    public IEnumerable<KeyValuePair<string, string>> FilledIn(string userName, string password)
    {
        var name = inputs.First(input => TypeOf(input) is "text" or "email")["name"];
        var secret = inputs.First(IsPassword)["name"];
        return Fields.Select(field => field.Key == name ? new(name, userName) : field.Key == secret ? new(secret, password) : field);
    }

    /// <summary>The first button whose value or text is so; null if there is none. Its name is empty if it sends nothing.</summary>
    public KeyValuePair<string, string>? Button(Regex wish)
    {
        var buttons = ButtonElement().Matches(content).Select(button => (Has: AttributesOf(button.Groups["attributes"].Value), Text: button.Groups["text"].Value))
            .Concat(inputs.Where(input => TypeOf(input) == "submit").Select(input => (Has: input, Text: "")))
            .Where(button => wish.IsMatch(button.Has.GetValueOrDefault("value", "")) || wish.IsMatch(button.Text));
        return buttons.Select(button => (KeyValuePair<string, string>?)new(button.Has.GetValueOrDefault("name", ""), button.Has.GetValueOrDefault("value", "")))
            .FirstOrDefault();
    }

    private static bool IsPassword(Dictionary<string, string> input) => TypeOf(input) == "password";

    private static string TypeOf(Dictionary<string, string> input) => input.GetValueOrDefault("type", "text").ToLowerInvariant();

    private static Dictionary<string, string> AttributesOf(string text) => Attribute().Matches(text)
        .GroupBy(attribute => attribute.Groups["name"].Value.ToLowerInvariant())
        .ToDictionary(same => same.Key, same => WebUtility.HtmlDecode(same.First().Groups["value"].Value.Trim('"', '\'')));

    [GeneratedRegex(@"<input\b(?<attributes>[^>]*)>", RegexOptions.IgnoreCase)]
    private static partial Regex Input();

    [GeneratedRegex(@"<button\b(?<attributes>[^>]*)>(?<text>.*?)</button>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex ButtonElement();

    [GeneratedRegex(@"(?<name>[\w-]+)(\s*=\s*(?<value>""[^""]*""|'[^']*'|[^\s>""']+))?")]
    private static partial Regex Attribute();
}

/// <summary>A cookie as far as one machine needs it.</summary>
internal sealed record BrowserCookie(string Name, string Value, string Host, string Path, bool IsOver)
{
    public static BrowserCookie Parse(string line, Uri from)
    {
        var parts = line.Split(';', StringSplitOptions.TrimEntries);
        var pair = parts[0].Split('=', 2);
        var path = ValueOf("path") is { } given && given.StartsWith('/') ? given : "/";
        var isOver = ValueOf("max-age") is { } age ? age.StartsWith('0') || age.StartsWith('-')
            : ValueOf("expires") is { } expires && DateTimeOffset.TryParse(expires, null, out var end) && end < DateTimeOffset.UtcNow;
        return new BrowserCookie(pair[0], pair.ElementAtOrDefault(1) ?? "", from.Host, path, isOver);

        string? ValueOf(string name) => parts.Skip(1).Select(part => part.Split('=', 2))
            .FirstOrDefault(part => part.Length == 2 && part[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];
    }

    /// <summary>Ports make no difference to cookies.</summary>
    public bool IsFor(Uri uri) => uri.Host == Host
        && (Path == "/" || uri.AbsolutePath == Path || uri.AbsolutePath.StartsWith(Path.TrimEnd('/') + "/", StringComparison.Ordinal));
}
