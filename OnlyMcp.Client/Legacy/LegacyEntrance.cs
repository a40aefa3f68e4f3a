using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Client.Inputs;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>Opens a conversation with a handshake: <c>initialize</c>, the server's choice of a version, <c>initialized</c>.</summary>
/// <remarks>Spec: 2025-11-25 basic/lifecycle §Initialization</remarks>
internal sealed class LegacyEntrance : IEraEntrance
{
    public Era Era => Era.Legacy;

    public IClientTransport OverHttp(Approach approach, Revision revision, HttpEndpoint endpoint, McpClientOptions options) =>
        approach == Approach.InitializeOverHttpSse
            ? new HttpSseTransport(endpoint, options)
            : new SessionTransport(endpoint, options);

    public void Prepare(ClientConversation conversation) => _ = new LegacyEra(conversation);

    public Question Opening(Revision revision, McpClientOptions options) => new(Methods.Initialize, Greeting(revision, options))
    {
        Timeouts = options.Timeouts,

        // MUST NOT: `initialize` is never cancelled.
        MayBeCancelled = false,
    };

    public async Task<IClientEra> EnterAsync(
        ClientConversation conversation, Revision revision, JsonBody answer, CancellationToken cancellationToken)
    {
        var era = new LegacyEra(conversation);
        await era.BeginAsync(revision, answer, cancellationToken).ConfigureAwait(false);
        return era;
    }

    private static JsonBody Greeting(Revision revision, McpClientOptions options) => JsonBody.Of(
        new InitializeRequestParams
        {
            ProtocolVersion = revision.Version,
            Capabilities = DeclaredCapabilities.Of(options, revision),
            ClientInfo = options.ClientInfo,
        },
        McpJson.Wire.InitializeRequestParams);
}
