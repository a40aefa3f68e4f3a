using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.AuthorizationServers;

namespace OnlyMcp.Tests.Interop;

/// <summary>Our authorization server, told what <see cref="OidcProvider"/> is told.</summary>
internal static class OurAuthorizationServer
{
    /// <summary>With <c>clients</c> and <c>documents</c>, as the head of oidc-provider.mjs lists them; whoever has the password may sign in.</summary>
    public static AuthorizationServer For(JsonObject options) => new(new AuthorizationServerOptions
    {
        Scopes = new Dictionary<string, string> { ["mcp:use"] = "Use your notes", ["notes:write"] = "Write notes" },
        SignInAsync = (name, password, _) => new(password == KnownClient.Password ? new SignedInUser(name) : null),
        Clients = [.. (options["clients"]?.AsArray() ?? []).Select(client => Registered(client!.Deserialize(OAuthJson.Wire.ClientMetadata)!))],
        HttpMessageHandler = new Documents(options["documents"]?.AsObject() ?? []),
    });

    private static RegisteredClient Registered(ClientMetadata metadata) => new()
    {
        ClientId = metadata.ClientId!,
        Metadata = metadata with { ClientId = null, ClientSecret = null },
        SecretHash = metadata.ClientSecret is { } secret ? RegisteredClient.HashOf(secret) : null,
    };

    private sealed class Documents(JsonObject documents) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(documents[request.RequestUri!.AbsoluteUri] is { } document
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(document) }
                : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}
