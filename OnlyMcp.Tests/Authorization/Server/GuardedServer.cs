using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>A server that asks for tokens, and what is sent to it.</summary>
internal sealed class GuardedServer
{
    public GuardedServer(Action<AuthorizationOptions>? configure = null, McpServerOptions? options = null, Action<McpServer>? offer = null)
    {
        Server = new McpServer("guarded", "1.0.0", options);
        Server.AddTool("whoami", "Says who asks", (RequestContext context) => context.Principal!.FindFirst("sub")!.Value);
        offer?.Invoke(Server);
        Server.RequireAuthorization(o =>
        {
            o.AuthorizationServers = [KnownTokens.Issuer];
            o.Verifier = Tokens;
            configure?.Invoke(o);
        });
    }

    public static McpHttpOptions Public { get; } = new() { PublicBaseAddress = new Uri("https://mcp.example.com") };

    public McpServer Server { get; }

    public KnownTokens Tokens { get; } = new();

    public McpHttpHandler Handler => field ??= new McpHttpHandler(Server, Public);

    public async Task<FakeHttpExchange> AskAsync(FakeHttpExchange http)
    {
        (await Handler.HandleAsync(http).AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        return http;
    }

    public Task<FakeHttpExchange> CallAsync(string tool, string? token = null) => AskAsync(Wire.ModernPost(tool).Bearing(token));

    /// <summary>Listens on this machine; the tokens that are issued from now on are for what it listens on.</summary>
    public async Task<McpHttpHost> StartAsync(McpHttpOptions? options = null)
    {
        var host = new McpHttpHost(Server, "http://127.0.0.1:0/", options);
        await host.StartAsync();
        Tokens.Audience = new Uri(host.Address, "/mcp").AbsoluteUri;
        return host;
    }
}

internal static class BearingTokens
{
    public static FakeHttpExchange Bearing(this FakeHttpExchange http, string? token) =>
        http.With("Authorization", token is null ? null : $"Bearer {token}");

    /// <summary>The challenge of a refusal.</summary>
    public static Protocol.Authorization.AuthenticationChallenge Challenge(this FakeHttpExchange http) =>
        Protocol.Authorization.AuthenticationChallenge.Parse([http.ResponseHeaders["WWW-Authenticate"]]).Should().ContainSingle().Subject;
}
