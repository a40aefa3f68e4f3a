using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Inputs;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Modern;

/// <summary>Asks again, with what the server wants to know, until it answers. All of it is local: parallel requests never mix.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/patterns/mrtr §Client Requirements (Basic Workflow)
/// Spec: 2026-07-28 basic/patterns/mrtr §Supported Requests
/// </remarks>
internal sealed class InputRounds(ClientConversation conversation, Revision revision, ServerDescription server)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private ClientLimits Limits => conversation.Options.Limits;

    /// <summary>Whether a server may ask for input before it answers this method.</summary>
    public static bool MayFollow(string method) => method is Methods.ToolsCall or Methods.PromptsGet or Methods.ResourcesRead;

    /// <summary>Answers what the server asked, and asks again.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="parameters">Its parameters, as they were at first.</param>
    /// <param name="result">What came back: questions, or something to send along.</param>
    /// <param name="resultTypes">The types of results that whoever asked knows beside the protocol's own.</param>
    /// <param name="ask">Sends the request with these parameters, under a new id.</param>
    /// <param name="cancellationToken">Ends it, whoever is being asked.</param>
    public async Task<JsonBody> RunAsync(
        string method,
        JsonBody parameters,
        JsonBody result,
        IReadOnlyCollection<string> resultTypes,
        Func<JsonBody, ValueTask<JsonBody>> ask,
        CancellationToken cancellationToken)
    {
        for (var round = 0; round < Limits.MaxInputRounds; round++)
        {
            var wanted = Read(method, result);
            var responses = wanted.InputRequests is null
                ? null
                : await GatherAsync(method, result, wanted.InputRequests, cancellationToken).ConfigureAwait(false);
            result = await ask(Retry(parameters, responses, StateIn(result))).ConfigureAwait(false);
            if (!ResultKind.NeedsInput(method, result, resultTypes))
                return result;
        }

        throw new InputRequiredException(
            method, $"It did so {Limits.MaxInputRounds + 1} times in a row, more often than it is answered (ClientLimits.MaxInputRounds).");
    }

    private InputRequiredResult Read(string method, JsonBody result)
    {
        var wanted = ReadShape(method, result);

        // MUST: at least one of the two is there.
        if (wanted is { InputRequests: null or { Count: 0 }, RequestState: null })
            throw Fault(method, result, "it holds neither 'inputRequests' nor 'requestState'");
        if (wanted.InputRequests?.Count > Limits.MaxInputRequests)
            throw Fault(
                method,
                result,
                $"it asks {wanted.InputRequests.Count} questions, more than {Limits.MaxInputRequests} (ClientLimits.MaxInputRequests)");
        return wanted;
    }

    private static InputRequiredResult ReadShape(string method, JsonBody result)
    {
        try
        {
            return result.Read(McpJson.Wire.InputRequiredResult);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Fault(method, result, fault.Message, fault);
        }
    }

    /// <summary>Understands every question before anyone is asked, then asks all at the same time.</summary>
    private async Task<Dictionary<string, Result>> GatherAsync(
        string method, JsonBody result, IReadOnlyDictionary<string, InputRequest> questions, CancellationToken cancellationToken)
    {
        var handlers = questions.ToDictionary(question => question.Key, question => Find(method, result, question.Key, question.Value));
        var context = new InputContext { Server = conversation.Server, ServerInfo = server.Info, Method = method };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var answers = handlers.ToDictionary(handler => handler.Key, handler => handler.Value(context, stop.Token).AsTask());
            await foreach (var answer in Task.WhenEach(answers.Values).WithCancellation(cancellationToken).ConfigureAwait(false))
                _ = await answer.ConfigureAwait(false);
            return answers.ToDictionary(answer => answer.Key, answer => answer.Value.Result);
        }
        finally
        {
            // Nobody needs the other answers once one is missing.
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private InputHandler Find(string method, JsonBody result, string key, InputRequest question)
    {
        try
        {
            return conversation.Inputs.Find(question.Method, question.Params, revision);
        }
        catch (NoInputHandlerException fault)
        {
            throw new InputRequiredException(
                method, $"It sent '{question.Method}', and {fault.Message} Set McpClientOptions.{fault.Option} to answer it.", fault);
        }
        catch (JsonRpcException fault)
        {
            throw Fault(method, result, $"its question '{key}' cannot be answered: {fault.Message}", fault);
        }
    }

    private static JsonElement? StateIn(JsonBody result) =>
        result.ToElement().TryGetProperty("requestState", out var state) && state.ValueKind == JsonValueKind.String ? state : null;

    /// <summary>The request's own parameters, with the answers of this round alone.</summary>
    private static JsonBody Retry(JsonBody parameters, Dictionary<string, Result>? responses, JsonElement? state)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        foreach (var member in parameters.IsAbsent ? default : parameters.ToElement().EnumerateObject())
        {
            if (member.Name is not ("inputResponses" or "requestState"))
                member.WriteTo(writer);
        }

        if (responses is not null)
            WriteResponses(writer, responses);

        // MUST: exactly what came, and nothing where nothing came. So it is copied, and never read as text.
        if (state is { } token)
        {
            writer.WritePropertyName("requestState");
            writer.WriteRawValue(token.GetRawText(), skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return new JsonBody(output.WrittenMemory);
    }

    private static void WriteResponses(Utf8JsonWriter writer, Dictionary<string, Result> responses)
    {
        writer.WriteStartObject("inputResponses");
        foreach (var (key, answer) in responses)
        {
            writer.WritePropertyName(key);
            JsonSerializer.Serialize(writer, answer, McpJson.Wire.Options.GetTypeInfo(answer.GetType()));
        }

        writer.WriteEndObject();
    }

    private static ProtocolFaultException Fault(string method, JsonBody result, string what, Exception? cause = null) =>
        new($"The server asked for input before it answers '{method}', and {what.TrimEnd('.')}.", result.ToUtf8().Span, cause);
}
