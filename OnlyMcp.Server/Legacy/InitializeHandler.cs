using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Features;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Legacy;

/// <summary>Answers <c>initialize</c>: agrees on a revision and opens the session.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/lifecycle §Version Negotiation
/// Spec: 2025-11-25 basic/utilities/tasks §Server Capabilities
/// </remarks>
internal sealed class InitializeHandler(McpServer server, KeptEvents events)
{
    /// <summary>Negotiates, and opens a session on <paramref name="conversation"/>.</summary>
    public (Session Session, InitializeResult Result) Handle(JsonRpcRequest request, Exchange exchange, Conversation conversation)
    {
        var parameters = RequestParameters.Read(request, static asked => PlainGreeting.Read(asked.Params), static () => McpJson.Wire.InitializeRequestParams);
        var revision = Negotiate(parameters.ProtocolVersion);
        var streams = exchange.UnrelatedStream is null ? new ResumableStreams(events, revision) : null;
        var unrelated = exchange.UnrelatedStream ?? server.Outgoing(streams!.Standalone);
        var capabilities = server.CapabilitiesFor(Era.Legacy) with { Tasks = TasksFor(revision, exchange) };
        var session = new Session(conversation, revision, unrelated)
        {
            HasTasks = capabilities.Tasks is not null,
            ClientInfo = parameters.ClientInfo,
            ClientCapabilities = Downgrade.ToFit(parameters.Capabilities, revision),
            Principal = exchange.Principal,
            Streams = streams,
        };
        return (session, new InitializeResult
        {
            ProtocolVersion = revision.Version,
            Capabilities = capabilities,
            ServerInfo = server.Info,
            Instructions = server.Options.Instructions,
        });
    }

    // MUST: who answers requests with tasks declares it. SHOULD NOT: whoever cannot be told from others lists none.
    private ServerTasksCapability? TasksFor(Revision revision, Exchange exchange) => !revision.HasRequestedTasks || !server.OffersTasks
        ? null
        : new()
        {
            List = ServerTasks.OwnerOf(exchange) is null ? null : new(),
            Cancel = new(),
            Requests = new() { Tools = new() { Call = new() } },
        };

    private Revision Negotiate(string requested)
    {
        var legacy = server.Options.Revisions.Where(revision => revision.Era == Era.Legacy).ToArray();

        // MUST: the version that was asked for if it is supported, else another. SHOULD: the newest.
        // MUST NOT: a modern version is never agreed on here, whatever was asked.
        return legacy.FirstOrDefault(revision => revision.Version == requested)
            ?? legacy.FirstOrDefault()
            ?? throw new RefusedRequestException(
                200, ErrorCode.MethodNotFound, "This server has no sessions; every request carries its own metadata (server/discover).");
    }
}
