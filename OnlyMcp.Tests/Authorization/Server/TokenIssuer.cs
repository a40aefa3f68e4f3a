using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>An authorization server over a real socket, as far as a resource server sees it: its metadata, its keys, its tokens.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    private readonly ScriptedHttpServer server;
    private readonly string path;

    public TokenIssuer(ManualTime time, string path = "")
    {
        this.path = path;
        Time = time;
        if (time.GetUtcNow() == DateTimeOffset.UnixEpoch)
            time.Advance(TimeSpan.FromDays(20_000));
        server = new ScriptedHttpServer(AnswerAsync, path);
        Keys = new(Signer.PublicKey);
    }

    public ManualTime Time { get; }

    public string Name => server.Url.AbsoluteUri.TrimEnd('/');

    public JwtSigner Signer { get; set; } = JwtSigner.NewEcdsa();

    /// <summary>What is published.</summary>
    public JsonWebKeySet Keys { get; set; }

    /// <summary>The paths of the metadata documents that are there.</summary>
    public IReadOnlyList<string> Documents { get; set; } = ["/.well-known/oauth-authorization-server"];

    /// <summary>What stands in them.</summary>
    public JsonObject? Metadata { get; set; }

    /// <summary>Answers a request for the keys, however wrong that is.</summary>
    public Func<HttpCall, Task>? KeysAnswer { get; set; }

    /// <summary>Answers a request for metadata, however wrong that is.</summary>
    public Func<HttpCall, Task>? MetadataAnswer { get; set; }

    public IEnumerable<string> Asked => server.Calls.Select(call => call.Target);

    public int KeyFetches => server.Calls.Count(call => call.Target == "/keys");

    /// <summary>The claims of a token that is good.</summary>
    public JsonObject Claims => new()
    {
        ["iss"] = Name,
        ["sub"] = "ada",
        ["aud"] = "https://mcp.example/mcp",
        ["client_id"] = "client",
        ["scope"] = "mcp:use mcp:admin",
        ["jti"] = Guid.NewGuid().ToString("N"),
        ["iat"] = Time.GetUtcNow().ToUnixTimeSeconds(),
        ["exp"] = Time.GetUtcNow().ToUnixTimeSeconds() + 3600,
    };

    /// <summary>A good token, with some claims changed, added or, where null, left out.</summary>
    public string Token(params (string Name, JsonNode? Value)[] changes) => Token(Signer, "at+jwt", changes);

    public string Token(JwtSigner signer, string type, params (string Name, JsonNode? Value)[] changes)
    {
        var claims = Claims;
        foreach (var (name, value) in changes)
        {
            if (value is null)
                claims.Remove(name);
            else
                claims[name] = value;
        }

        return signer.Sign(claims, type);
    }

    public JsonObject DefaultMetadata() => new() { ["issuer"] = Name, ["jwks_uri"] = new Uri(server.Url, "/keys").AbsoluteUri };

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task AnswerAsync(HttpCall call) => call.Target switch
    {
        "/keys" => KeysAnswer?.Invoke(call) ?? call.JsonAsync(Keys.ToJson().ToJsonString()),
        _ when Documents.Contains(call.Target) => MetadataAnswer?.Invoke(call) ?? call.JsonAsync((Metadata ?? DefaultMetadata()).ToJsonString()),
        _ => call.RespondAsync(404, "text/html", $"<html>no {path}</html>"),
    };
}
