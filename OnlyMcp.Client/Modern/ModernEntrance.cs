using System.Text.Json;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Modern;

/// <summary>Opens a conversation by asking what the server is; nothing is negotiated, every later request stands alone.</summary>
/// <remarks>Spec: 2026-07-28 server/discover §When to Call</remarks>
internal sealed class ModernEntrance : IEraEntrance
{
    public Era Era => Era.Modern;

    public IClientTransport OverHttp(Approach approach, Revision revision, HttpEndpoint endpoint, McpClientOptions options) =>
        new StreamableHttpTransport(
            endpoint, new MirroredHeaders(revision, new ToolHeaders(options.Limits.MaxRememberedTools)), options.Limits);

    // MUST NOT: servers of this era send no requests.
    public void Prepare(ClientConversation conversation) => conversation.Inbox.RequestReceived = null;

    public Question Opening(Revision revision, McpClientOptions options) =>
        new(Methods.ServerDiscover, default)
        {
            Metadata = RequestMetadata.Of(revision, options, null),
            Timeouts = new RequestTimeouts { Timeout = options.ProbeTimeout },

            // On a pipe it is not known yet whether the server understands a cancellation: before `initialize` it should get none.
            MayBeCancelled = false,
        };

    public Task<IClientEra> EnterAsync(
        ClientConversation conversation, Revision revision, JsonBody answer, CancellationToken cancellationToken)
    {
        conversation.Inbox.Revision = revision;
        return Task.FromResult<IClientEra>(new ModernEra(conversation, revision, Describe(answer, conversation.Icons)));
    }

    private static ServerDescription Describe(JsonBody answer, SafeIcons icons)
    {
        try
        {
            var result = answer.Read(McpJson.Wire.DiscoverResult);
            return new(InfoIn(result) is { } info ? icons.Of(info) : null, result.Capabilities, result.Instructions);
        }
        catch (JsonException)
        {
            // Proven modern by its stamp alone: such a server is served, only nothing is known of it.
            return new(null, new ServerCapabilities(), null);
        }
    }

    private static Implementation? InfoIn(DiscoverResult result)
    {
        try
        {
            return result.Meta?.TryGetValue(MetaKeys.ServerInfo, out var info) == true
                ? info.Deserialize(McpJson.Wire.Implementation)
                : null;
        }
        catch (JsonException)
        {
            // SHOULD NOT: what a server calls itself decides nothing, so a malformed name is no reason to stop.
            return null;
        }
    }
}
