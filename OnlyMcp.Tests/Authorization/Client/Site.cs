using System.Collections.Concurrent;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>A host with documents on it: an MCP server's, an authorization server's, or both. Where there is none, it answers 404.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<HttpCall, Task>> places = new();
    private readonly ScriptedHttpServer server;

    public Site() => server = new ScriptedHttpServer(
        call => places.TryGetValue(call.Target, out var place) ? place(call) : call.RespondAsync(404, "text/plain", "nothing here"));

    public string Origin => server.Url.GetLeftPart(UriPartial.Authority);

    public Uri Mcp => server.Url;

    /// <summary>What was asked for, in order: <c>GET /path</c>.</summary>
    public IEnumerable<string> Asked => server.Calls.Select(call => $"{call.Verb} {call.Target}");

    public IEnumerable<HttpCall> Calls => server.Calls;

    public Site Put(string path, Func<HttpCall, Task> answer)
    {
        places[path] = answer;
        return this;
    }

    public Site Put(string path, string json) => Put(path, call => call.JsonAsync(json));

    /// <summary>The MCP server's document, at the well-known place of its path.</summary>
    public Site PutResource(params string[] issuers) => Put(
        "/.well-known/oauth-protected-resource/mcp", ResourceOf($"{Origin}/mcp", issuers));

    /// <summary>The authorization server's document, at the first place where one is looked for.</summary>
    public Site PutServer(string more = "") => Put("/.well-known/oauth-authorization-server", ServerOf(Origin, more));

    public static string ResourceOf(string resource, params string[] issuers) =>
        $$"""{"resource":"{{resource}}","authorization_servers":[{{string.Join(',', issuers.Select(issuer => $"\"{issuer}\""))}}]}""";

    public static string ServerOf(string issuer, string more = "") => $$"""
        {"issuer":"{{issuer}}","authorization_endpoint":"{{issuer}}/go","token_endpoint":"{{issuer}}/give",
         "code_challenge_methods_supported":["S256"]{{(more.Length > 0 ? "," + more : "")}}}
        """;

    /// <summary>Finds out where tokens for the server at <c>/mcp</c> come from, after a 401 with these challenges.</summary>
    public async Task<AuthorizationPlan> DiscoverAsync(
        ClientAuthorization? options = null, string? challenge = null, IReadOnlyList<Revision>? revisions = null, Uri? at = null)
    {
        options ??= new ClientAuthorization();
        using var http = new GuardedHttp(at ?? Mcp, options, TimeProvider.System);
        var discovery = new Discovery(http, options, revisions ?? [KnownRevisions.V20260728]);
        return await discovery.DiscoverAsync(at ?? Mcp, AuthenticationChallenge.Parse(challenge is null ? [] : [challenge]), CancellationToken.None);
    }

    /// <summary>The same, and what it fails with.</summary>
    public async Task<AuthorizationException> FailAsync(
        ClientAuthorization? options = null, string? challenge = null, IReadOnlyList<Revision>? revisions = null, Uri? at = null)
    {
        var discovering = () => DiscoverAsync(options, challenge, revisions, at);
        var fault = (await discovering.Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.Discovery);
        return fault;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
