using System.Text.Json.Nodes;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>An authorization server by others (the package oidc-provider) that anybody may sign in to, until it is disposed.</summary>
internal sealed class OidcProvider : IAsyncDisposable
{
    private readonly ServerPeer peer;

    private OidcProvider(ServerPeer peer) => this.peer = peer;

    /// <summary>Exactly as it stands in the metadata and in tokens.</summary>
    public string Issuer => peer.Url.GetLeftPart(UriPartial.Authority);

    /// <summary>Starts it with what the head of oidc-provider.mjs lists, all of it optional.</summary>
    public static async Task<OidcProvider> StartAsync(JsonObject? options = null) =>
        new(await Peers.StartServerAsync("oidc-provider.mjs", (options ?? []).ToJsonString()));

    public ValueTask DisposeAsync() => peer.DisposeAsync();
}
