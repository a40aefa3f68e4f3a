using System.Web;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>The pages in a real browser, which holds the policy of a page against what follows upon its forms.</summary>
public sealed class BrowserTests
{
    [Test]
    [AuthorizationRequirement("AS9")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Confused Deputy Problem")]
    public async Task A_person_signs_in_and_allows_and_the_browser_goes_on_through_every_redirect_of_the_client()
    {
        await using var browser = Chromium.Open();
        await using var world = await StartAsync();

        // The client sends the browser on to another origin, as many do. A policy for forms would stop it there.
        await using var callback = await Callback.StartAsync();
        var asked = new Asked();
        await browser.VisitAsync(world.Authorization(asked, ("redirect_uri", callback.Address)));
        await browser.PressAsync("Sign in", ("User name", "ada"), ("Password", "countess"));
        var last = await browser.PressAsync("Allow");

        last.Url.Should().Be(callback.Last);
        last.Text.Should().Be("done");
        last.Complaints.Concat(last.Violations).Concat(last.Failures).Should().BeEmpty();
        (await world.RedeemAsync(asked, callback.Code!)).Tokens.Scope.Should().Be("notes:read");
    }

    /// <summary>A client's own listener, which passes the browser on to a page of another origin with all that it got.</summary>
    private sealed class Callback : IAsyncDisposable
    {
        private readonly McpHttpHost first;
        private readonly McpHttpHost last;

        private Callback()
        {
            last = Listen("localhost", (http, cancellation) =>
            {
                Code ??= HttpUtility.ParseQueryString(http.Query)["code"];
                return http.RespondAsync(200, "done"u8.ToArray(), cancellation);
            });
            first = Listen("127.0.0.1", (http, cancellation) =>
            {
                http.SetResponseHeader("Location", $"{Last}?{http.Query}");
                return http.RespondAsync(302, default, cancellation);
            });
        }

        public string Address => new Uri(first.Address, "/callback").AbsoluteUri;

        /// <summary>What has arrived there.</summary>
        public string? Code { get; private set; }

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
