using System.Text;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>The public keys that the server's tokens are checked with (RFC 7517), the old ones too as long as tokens of theirs are good.</summary>
internal sealed class KeysEndpoint(AuthorizationServer server) : IOAuthEndpoint
{
    public IReadOnlyCollection<string> Paths { get; } = [server.Options.KeysPath];

    public IReadOnlyList<string> Verbs { get; } = ["GET", "HEAD"];

    public bool IsForEveryOrigin => true;

    public async ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        var keys = await server.Keys.PublicAsync(cancellationToken).ConfigureAwait(false);
        var json = Encoding.UTF8.GetBytes(keys.ToJson().ToJsonString());
        await OAuthReply.SendJsonAsync(http, 200, json, server.Time, "public, max-age=300").ConfigureAwait(false);
    }
}
