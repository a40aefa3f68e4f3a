using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>What a person does on the pages of the sample, and what holds for each of them.</summary>
internal static class PersonalDbPages
{
    /// <summary>Signs in with the password that all users have in these tests.</summary>
    public static Task<SeenPage> SignInAsync(this Chromium browser, string name) =>
        browser.PressAsync("Sign in", ("User name", name), ("Password", PersonalDbProgram.Password));

    /// <summary>Reads on until the client shows an address to open.</summary>
    public static async Task<Uri> AddressAsync(this Visitor visitor)
    {
        string line;
        do
            line = await visitor.Process.ReadLineAsync();
        while (!line.StartsWith("http://", StringComparison.Ordinal));
        return new Uri(line);
    }

    /// <summary>Nothing on it went wrong, or could be made to.</summary>
    public static void ShouldBeSound(this SeenPage page)
    {
        page.Violations.Should().BeEmpty();
        page.Failures.Should().BeEmpty();

        // The console repeats each status that is an error.
        var told = page.Status < 400 ? "nothing" : $"status of {page.Status}";
        page.Complaints.Where(complaint => !complaint.Contains(told, StringComparison.Ordinal)).Should().BeEmpty();
        page.Headers["content-security-policy"].Should()
            .Contain("default-src 'none'").And.Contain("frame-ancestors 'none'").And.NotContain("script-src");
        page.Headers["x-content-type-options"].Should().Be("nosniff");
        page.Headers["cache-control"].Should().Be("no-store");
    }
}

/// <summary>A sign-in that does something more before it ends.</summary>
internal sealed class Lingering(ISignIn signIn, Func<Task> more) : ISignIn
{
    public async ValueTask<ISignInAttempt> BeginAsync(CancellationToken cancellationToken = default) =>
        new Attempt(await signIn.BeginAsync(cancellationToken), more);

    private sealed class Attempt(ISignInAttempt attempt, Func<Task> more) : ISignInAttempt
    {
        public Uri RedirectUri => attempt.RedirectUri;

        public ValueTask<Uri> SignInAsync(Uri authorizationUrl, CancellationToken cancellationToken = default) =>
            attempt.SignInAsync(authorizationUrl, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await more();
            await attempt.DisposeAsync();
        }
    }
}

/// <summary>
/// Looks at pages with the eyes of those who see little. With a folder in ONLYMCP_SCREENSHOTS each is photographed there in all its looks;
/// ONLYMCP_WRITE_DOCS=pictures makes the pictures of docs/guide/authorization.md anew.
/// </summary>
internal sealed class Album(Chromium browser)
{
    private static readonly string[] InGuide = ["sign-in", "consent", "callback"];

    /// <summary>Judges the page that the browser shows.</summary>
    /// <param name="name">What its pictures are called.</param>
    /// <param name="controls">What the Tab key has to reach, in this order from the first that it comes to.</param>
    public async Task AddAsync(string name, params string[] controls)
    {
        foreach (var (look, seen) in await browser.JudgeAsync())
        {
            seen.Contrast.Should().BeGreaterThanOrEqualTo(4.5, $"\"{seen.Text}\" is to be read on {name} in {look}");
            seen.Overflows.Should().BeFalse($"nobody reads {name} in {look} from side to side");
            seen.Reached.Select(stop => stop.Name).Should().Equal(controls, $"a keyboard is enough for {name}");
            seen.Reached.Where(stop => !stop.Outlined).Should().BeEmpty($"one sees where one is on {name} in {look}");
        }

        await PhotographAsync(name);
    }

    private async Task PhotographAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("ONLYMCP_SCREENSHOTS") is { Length: > 0 } folder)
        {
            foreach (var look in new[] { "light", "dark", "narrow" })
                await browser.PhotographAsync(Path.Combine(folder, $"{name}-{look}.png"), look);
        }

        if (Environment.GetEnvironmentVariable("ONLYMCP_WRITE_DOCS") == "pictures" && InGuide.Contains(name))
            await browser.PhotographAsync(Path.Combine(RepositoryFolder.Path, "docs", "guide", "images", $"{name}.png"));
    }
}
