using System.Text.Json;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Modern;

/// <summary>Asks without a session: each request says all that the server must know, and each result says how to read it.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic §Statelessness
/// Spec: 2026-07-28 basic §ResultType
/// </remarks>
internal sealed class ModernEra(ClientConversation conversation, Revision revision, ServerDescription server) : IClientEra
{
    private readonly IReadOnlyCollection<KeyValuePair<string, JsonElement>> usual =
        RequestMetadata.Of(revision, conversation.Options, conversation.Options.LogLevel);

    public Revision Revision => revision;

    public ClientConversation Conversation => conversation;

    public ServerDescription Server => server;

    public async Task<JsonBody> AskAsync(string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        var metadata = options.LogLevel is { } level ? RequestMetadata.Of(revision, conversation.Options, level) : usual;
        var question = new Question(method, id => RequestStamp.Apply(parameters, id, options, metadata))
        {
            Timeouts = options.Timeouts ?? conversation.Options.Timeouts,
            Listener = options,
        };
        var result = await conversation.AskAsync(question, cancellationToken).ConfigureAwait(false);
        return TypeOf(result) switch
        {
            // MUST: a server of an earlier revision leaves it out, and means a complete result.
            null or ResultTypes.Complete => result,
            ResultTypes.InputRequired => throw new InputRequiredException(method),

            // MUST: a result of an unknown type is invalid.
            var other => throw new ProtocolFaultException(
                $"The result of '{method}' is of the type '{other}', which this client does not know.", result.ToUtf8().Span),
        };
    }

    /// <summary>There is no `ping` any more: the server is there if it says what it is.</summary>
    public async Task PingAsync(RequestOptions options, CancellationToken cancellationToken) =>
        await AskAsync(Methods.ServerDiscover, default, options, cancellationToken).ConfigureAwait(false);

    /// <summary>MAY: each request stands alone, so whoever wants lost ones repeated has them all repeated.</summary>
    public bool MayRepeat(string method) => true;

    public bool IsContradictedBy(Exception fault) => fault
        is JsonRpcException { Code: ErrorCode.UnsupportedProtocolVersion }
        or HttpStatusException { Status: 400 or 404 or 405 };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string? TypeOf(JsonBody result)
    {
        var reader = new Utf8JsonReader(result.ToUtf8().Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("resultType"u8);
            reader.Read();
            if (found)
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : "not a string";
            reader.Skip();
        }

        return null;
    }
}
