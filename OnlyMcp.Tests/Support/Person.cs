using System.Net;
using System.Text.RegularExpressions;

namespace OnlyMcp.Tests.Support;

/// <summary>A person at a browser, who reads the pages of an authorization server of ours and fills in their forms.</summary>
internal sealed class Person(string name = "ada", string password = "countess") : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    /// <summary>What the browser keeps.</summary>
    public CookieContainer Cookies { get; } = new();

    /// <summary>Does all that is asked, and returns the address at which the client gets its answer.</summary>
    public Task<Uri> AllowAsync(Uri authorization) => AnswerAsync(authorization, "allow");

    /// <summary>Signs in where that is asked, and says no.</summary>
    public Task<Uri> RefuseAsync(Uri authorization) => AnswerAsync(authorization, "deny");

    /// <summary>Signs in, and stops before the question.</summary>
    public async Task<WebPage> SignInAsync(Uri authorization)
    {
        var page = await VisitAsync(authorization);
        return await SubmitAsync(page, "sign-in", ("username", name), ("password", password));
    }

    /// <summary>Opens an address, and follows redirects as long as they stay on its host.</summary>
    public Task<WebPage> VisitAsync(Uri address) => FollowAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Presses a button of a form.</summary>
    public Task<WebPage> SubmitAsync(WebPage page, string decision, params (string Name, string Value)[] fields) =>
        PostAsync(page.Address, [("form_token", page.FormToken ?? ""), .. fields, ("decision", decision)]);

    /// <summary>Posts a form, whoever made it.</summary>
    public Task<WebPage> PostAsync(Uri address, params (string Name, string Value)[] fields) => FollowAsync(new HttpRequestMessage(HttpMethod.Post, address)
    {
        Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
    });

    public void Dispose() => http.Dispose();

    private async Task<Uri> AnswerAsync(Uri authorization, string decision)
    {
        var page = await VisitAsync(authorization);
        if (page.Html.Contains("type=\"password\"", StringComparison.Ordinal))
            page = await SubmitAsync(page, "sign-in", ("username", name), ("password", password));
        if (page.GoesTo is null)
            page = await SubmitAsync(page, decision);
        return page.GoesTo ?? throw new InvalidOperationException($"The page goes nowhere:\n{page.Html}");
    }

    private async Task<WebPage> FollowAsync(HttpRequestMessage request)
    {
        var page = await SendAsync(request);
        for (var hops = 0; page.Redirect is { } next && next.Authority == page.Address.Authority; hops++)
        {
            if (hops == 10)
                throw new InvalidOperationException("The pages go round in a circle.");
            page = await SendAsync(new HttpRequestMessage(HttpMethod.Get, next));
        }

        return page;
    }

    private async Task<WebPage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var address = request.RequestUri!;
            if (Cookies.GetCookieHeader(address) is { Length: > 0 } cookies)
                request.Headers.Add("Cookie", cookies);
            using var response = await http.SendAsync(request);
            if (response.Headers.TryGetValues("Set-Cookie", out var set))
                Cookies.SetCookies(address, set.Single());
            return await WebPage.ReadAsync(address, response);
        }
    }
}

/// <summary>What a browser shows.</summary>
/// <param name="Address">Where it came from.</param>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Html">Its source.</param>
/// <param name="Redirect">Where its Location points to; null if it has none.</param>
internal sealed partial record WebPage(Uri Address, int Status, IReadOnlyDictionary<string, string> Headers, string Html, Uri? Redirect)
{
    /// <summary>What ties its forms to the browser.</summary>
    public string? FormToken => Token().Match(Html) is { Success: true } match ? WebUtility.HtmlDecode(match.Groups["value"].Value) : null;

    /// <summary>Where the browser goes by itself.</summary>
    public Uri? GoesTo => Redirect ?? (Refresh().Match(Html) is { Success: true } match ? new Uri(WebUtility.HtmlDecode(match.Groups["target"].Value)) : null);

    public static async Task<WebPage> ReadAsync(Uri address, HttpResponseMessage response) => new(
        address, (int)response.StatusCode,
        response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        await response.Content.ReadAsStringAsync(), response.Headers.Location is { } location ? new Uri(address, location) : null);

    [GeneratedRegex("name=\"form_token\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Token();

    [GeneratedRegex("http-equiv=\"refresh\" content=\"0; url=(?<target>[^\"]*)\"")]
    private static partial Regex Refresh();
}
