using System.Text.Json;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>The pages in a real browser, which holds the policy of a page against what follows upon its forms.</summary>
public sealed class BrowserTests
{
    /// <summary>Set it to a folder, and the pages are photographed there.</summary>
    private const string Folder = "ONLYMCP_SCREENSHOTS";

    [Test]
    [AuthorizationRequirement("AS9")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Confused Deputy Problem")]
    public async Task A_person_signs_in_and_allows_and_the_browser_goes_on_through_every_redirect_of_the_client()
    {
        var chromium = Chromium.Require();
        await using var world = await StartAsync();

        // The client sends the browser on to another origin, as many do. A policy for forms would stop it there.
        await using var callback = await Callback.StartAsync();
        var asked = new Asked();
        var visit = await ChildProcess.RunAsync(Peers.Command(
            "browser.mjs", chromium, world.Authorization(asked, ("redirect_uri", callback.Address)).AbsoluteUri, callback.Last, "ada", "countess",
            Environment.GetEnvironmentVariable(Folder) ?? ""));

        visit.ExitCode.Should().Be(0, visit.Errors);
        var report = JsonElement.Parse(visit.Output);
        report.GetProperty("complaints").EnumerateArray().Select(complaint => complaint.GetString())
            .Should().OnlyContain(complaint => complaint!.Contains("403", StringComparison.Ordinal), "the wrong password is a 403, and nothing else went wrong");
        var code = SmallWorld.Parameter(new Uri(report.GetProperty("url").GetString()!), "code")!;
        (await world.RedeemAsync(asked, code)).Tokens.Scope.Should().Be("notes:read");
    }

    /// <summary>A client's own listener, which passes the browser on to a page of another origin with all that it got.</summary>
    private sealed class Callback : IAsyncDisposable
    {
        private readonly McpHttpHost first;
        private readonly McpHttpHost last;

        private Callback()
        {
            last = Listen("localhost", (http, cancellation) => http.RespondAsync(200, "done"u8.ToArray(), cancellation));
            first = Listen("127.0.0.1", (http, cancellation) =>
            {
                http.SetResponseHeader("Location", $"{Last}?{http.Query}");
                return http.RespondAsync(302, default, cancellation);
            });
        }

        public string Address => new Uri(first.Address, "/callback").AbsoluteUri;

        public string Last => new Uri(last.Address, "/done").AbsoluteUri;

        public static async Task<Callback> StartAsync()
        {
            var callback = new Callback();
            await callback.last.StartAsync();
            await callback.first.StartAsync();
            return callback;
        }

        public async ValueTask DisposeAsync()
        {
            await first.DisposeAsync();
            await last.DisposeAsync();
        }

        private static McpHttpHost Listen(string host, Func<HttpExchange, CancellationToken, ValueTask> answer) =>
            new(new McpServer("any", "1.0.0"), $"http://{host}:0/")
            {
                OtherPaths = async (http, cancellation) =>
                {
                    await answer(http, cancellation);
                    return true;
                },
            };
    }
}
