using System.Net;
using System.Runtime.Versioning;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>The way into the person's browser: a program that a test puts into the place of the system's.</summary>
[Platform("Linux")]
[SupportedOSPlatform("linux")]
[AuthorizationRequirement("CL9")]
public sealed class UserBrowserTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("onlymcp-browser-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task The_address_is_one_argument_and_what_the_browser_prints_gets_nowhere()
    {
        await OpenerAsync("echo noise; echo noise >&2; cat; printf '%s\\n' \"$#\" \"$1\" > \"$0.args.tmp\"; mv \"$0.args.tmp\" \"$0.args\"; exec sleep 60");
        await using var program = Start("https://login.example.com/authorize?scope=a%20b&state=s;touch+x&x=$(touch y)`touch z`'\"|touch w&y=1\\2");

        (await program.ReadLineAsync()).Should().Be("waiting");
        var (count, address) = await ArgumentsAsync();
        using var browser = new HttpClient();
        var redirectUri = new Uri(ParameterOf(address, "redirect_uri"));
        await browser.GetAsync(new Uri(redirectUri, $"?code=c&state={Uri.EscapeDataString(ParameterOf(address, "state"))}"));

        (await program.ReadLineAsync()).Should().Be("came", "the browser is still open, which nobody waits for");
        var end = await program.EndAsync();
        (end.Output, end.Errors).Should().Be(("", ""));
        count.Should().Be("1");
        address.Should().MatchRegex("^https://login\\.example\\.com/authorize\\?[A-Za-z0-9%&=+._~:/?#@,-]*$", "no shell would act on any letter of it, but for the ampersand");
        ParameterOf(address, "x").Should().Be("$(touch y)`touch z`'\"|touch w", "it is the same address all the same");
    }

    [Test]
    public async Task A_program_that_fails_is_spoken_of()
    {
        await OpenerAsync("echo noise; exit 3");
        await using var program = Start("https://login.example.com/authorize?state=s");

        (await program.ReadLineAsync()).Should().Be("waiting");
        (await program.ReadLineAsync()).Should().StartWith("failed:").And.Contain("xdg-open' ended with the code 3").And.Contain("ShowUrl");
    }

    [Test]
    public async Task A_system_without_such_a_program_is_spoken_of()
    {
        await using var program = Start("https://login.example.com/authorize?state=s");

        (await program.ReadLineAsync()).Should().Be("waiting");
        (await program.ReadLineAsync()).Should().StartWith("failed:").And.Contain("no program 'xdg-open'");
    }

    [Test]
    public async Task The_program_is_not_looked_for_where_anybody_may_put_one()
    {
        var address = new Uri("https://login.example.com/");
        await OpenerAsync("exit 0");
        var here = Path.GetRelativePath(Environment.CurrentDirectory, folder);

        UserBrowser.Opener(address, $".:{folder}").FileName.Should().Be(Path.Combine(folder, "xdg-open"));
        FluentActions.Invoking(() => UserBrowser.Opener(address, $"{here}:bin")).Should().Throw<IOException>().WithMessage("*in the folders of PATH*");
        FluentActions.Invoking(() => UserBrowser.Opener(address, ".:bin::")).Should().Throw<IOException>().WithMessage("*in the folders of PATH*");
        FluentActions.Invoking(() => UserBrowser.Opener(address, null)).Should().Throw<IOException>();
    }

    private async Task OpenerAsync(string script)
    {
        var path = Path.Combine(folder, "xdg-open");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\nexport PATH=/usr/bin:/bin\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>With nothing in PATH but the test's own program. The framework is started by its own path.</summary>
    private ChildProcess Start(string address)
    {
        var command = Programs.Command("SignIn", "open", address);
        command[0] = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : FullPathOf(command[0]);
        return ChildProcess.Start(command, new Dictionary<string, string> { ["PATH"] = folder });
    }

    private static string FullPathOf(string program) => Path.IsPathFullyQualified(program)
        ? program
        : Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(place => Path.Combine(place, program)).First(File.Exists);

    private async Task<(string Count, string Address)> ArgumentsAsync()
    {
        using var end = new CancellationTokenSource(Patience);
        var path = Path.Combine(folder, "xdg-open.args");
        while (!File.Exists(path))
            await Task.Delay(10, end.Token);
        var lines = await File.ReadAllLinesAsync(path);
        lines.Should().HaveCount(2, "the address has no line break");
        return (lines[0], lines[1]);
    }

    private static string ParameterOf(string address, string name) => new Uri(address).Query.TrimStart('?').Split('&')
        .Select(parameter => parameter.Split('=', 2)).Where(pair => pair[0] == name).Select(pair => WebUtility.UrlDecode(pair[1])).Single();
}
