using System.Collections.Concurrent;
using System.Net;
using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>
/// A guarded MCP server and its authorization server, each on a socket of its own, that behave as they should until a test has them do
/// otherwise; and a person at the browser who agrees to everything.
/// </summary>
internal sealed class GuardedWorld : IAsyncDisposable
{
    private int issued;

    public GuardedWorld()
    {
        Issuer = new ScriptedHttpServer(call => OnIssuer is { } script ? script(call) : IssueAsync(call), "");
        Resource = new ScriptedHttpServer(call => OnResource is { } script ? script(call) : ServeAsync(call));
    }

    public ScriptedHttpServer Issuer { get; }

    public ScriptedHttpServer Resource { get; }

    /// <summary>What the authorization server does instead.</summary>
    public Func<HttpCall, Task>? OnIssuer { get; set; }

    /// <summary>What the MCP server does instead.</summary>
    public Func<HttpCall, Task>? OnResource { get; set; }

    /// <summary>The tokens that the MCP server takes; the authorization server adds each that it issues.</summary>
    public ConcurrentDictionary<string, string> Good { get; } = new();

    /// <summary>What a call of a tool needs beside a token.</summary>
    public string ToolScope { get; set; } = "";

    /// <summary>What the challenge of a 401 says behind its scheme; the place of the metadata alone by default.</summary>
    public string? Challenge { get; set; }

    /// <summary>Added to the authorization server's metadata, such as <c>,"scopes_supported":["a"]</c>.</summary>
    public string MoreMetadata { get; set; } = "";

    /// <summary>Added to the answers of the token endpoint.</summary>
    public string MoreToken { get; set; } = "";

    /// <summary>Added to the MCP server's document.</summary>
    public string MoreResource { get; set; } = "";

    /// <summary>What the person's browser comes back with, from what it was sent with.</summary>
    public Func<IReadOnlyDictionary<string, string>, string> Answer { get; set; } = query => $"code=the-code&state={query["state"]}";

    public string IssuerName => Issuer.Url.OriginalString;

    public IEnumerable<HttpCall> TokenRequests => Issuer.Calls.Where(call => call.Path == "/token");

    /// <summary>What the person was sent to sign in with, each time.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> SignIns { get; } = new();

    public ClientAuthorization Authorization => new()
    {
        ClientName = "test",
        SignIn = new Person(this),
        Tokens = new InMemoryTokenStore(),
        Clients = [new ClientCredentials { ClientId = "the-client", Issuer = IssuerName }],
    };

    public Task<McpClient> ConnectAsync(ClientAuthorization? authorization = null, McpClientOptions? options = null) => McpClient.ConnectAsync(
        Resource.Url, (options ?? new McpClientOptions { Revision = KnownRevisions.Find("2026-07-28"), Cache = null }) with { Authorization = authorization ?? Authorization });

    /// <summary>What the authorization server does by itself.</summary>
    public Task IssueAsync(HttpCall call) => call.Path switch
    {
        WellKnown.AuthorizationServerPath => call.JsonAsync($$"""
            {"issuer":"{{IssuerName}}","authorization_endpoint":"{{IssuerName}}/authorize","token_endpoint":"{{IssuerName}}/token",
             "code_challenge_methods_supported":["S256"],"token_endpoint_auth_methods_supported":["none","client_secret_basic","client_secret_post","private_key_jwt"]{{MoreMetadata}}}
            """),
        "/token" => call.JsonAsync(TokenFor(call.Form.GetValueOrDefault("scope"))),
        _ => call.RespondAsync(404),
    };

    /// <summary>What the MCP server does by itself.</summary>
    public Task ServeAsync(HttpCall call)
    {
        if (call.Path == "/.well-known/oauth-protected-resource/mcp")
            return call.JsonAsync($$"""{"resource":"{{Resource.Url}}","authorization_servers":["{{IssuerName}}"]{{MoreResource}}}""");
        if (call.Header("Authorization")?.Split(' ') is not [_, var token] || !Good.TryGetValue(token, out var scopes))
            return call.RespondAsync(401, headers: $"WWW-Authenticate: Bearer {Challenge ?? $"resource_metadata=\"{Resource.Url.GetLeftPart(UriPartial.Authority)}/.well-known/oauth-protected-resource/mcp\""}\r\n");

        return call.RpcMethod switch
        {
            "server/discover" => call.ResultAsync("""{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private"}"""),
            "tools/list" => call.ResultAsync("""{"resultType":"complete","tools":[],"ttlMs":60000,"cacheScope":"private"}"""),
            "tools/call" when !scopes.Split(' ').Contains(ToolScope) && ToolScope.Length > 0 =>
                call.RespondAsync(403, headers: $"WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"{ToolScope}\"\r\n"),
            "tools/call" => call.ResultAsync("""{"resultType":"complete","content":[{"type":"text","text":"done"}]}"""),
            _ => call.RespondAsync(202),
        };
    }

    /// <summary>A token that the MCP server takes.</summary>
    public string TokenFor(string? scope, string? granted = null)
    {
        var token = $"token-{Interlocked.Increment(ref issued)}";
        Good[token] = granted ?? scope ?? SignIns.LastOrDefault()?.GetValueOrDefault("scope") ?? "";
        return $$"""{"access_token":"{{token}}","token_type":"Bearer"{{MoreToken}}}""";
    }

    public async ValueTask DisposeAsync()
    {
        await Resource.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    private sealed class Person(GuardedWorld world) : ISignIn, ISignInAttempt
    {
        public Uri RedirectUri { get; } = new("http://127.0.0.1:1/callback");

        public ValueTask<ISignInAttempt> BeginAsync(CancellationToken cancellationToken) => new(this);

        public ValueTask<Uri> SignInAsync(Uri authorizationUrl, CancellationToken cancellationToken)
        {
            var query = HttpCall.Fields(authorizationUrl.Query.TrimStart('?'));
            world.SignIns.Enqueue(query);

            // A client that never has enough ends with a fault, and not with the patience of whoever runs the tests.
            if (world.SignIns.Count > 20)
                throw new InvalidOperationException("The person has been asked to sign in more than 20 times.");
            return new(new Uri($"{RedirectUri}?{world.Answer(query)}"));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
