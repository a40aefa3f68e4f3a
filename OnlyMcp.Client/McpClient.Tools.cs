using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Client.Plain;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

// Spec: 2026-07-28 server/tools §Calling Tools
public sealed partial class McpClient
{
    private const string ByReflection =
        "Arguments and results become JSON by reflection. Give arguments as JsonElement and results as JsonTypeInfo instead.";

    /// <summary>Lists the server's tools, asking for page after page as they are read.</summary>
    /// <exception cref="ProtocolFaultException">
    /// The pages have no end: a cursor came twice, or there are more than <see cref="ClientLimits.MaxPages"/>.
    /// </exception>
    /// <exception cref="MissingServerCapabilityException">The server offers no tools.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error.</exception>
    public IAsyncEnumerable<Tool> ListToolsAsync(RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadPagesAsync(
            Methods.ToolsList, (cursor, stop) => ListToolsPageAsync(cursor, options, stop), page => page.Tools, cancellationToken);

    /// <summary>
    /// Lists one page of the server's tools: the first without a cursor, the next with the page's
    /// <see cref="PaginatedResult.NextCursor"/>.
    /// </summary>
    /// <exception cref="MissingServerCapabilityException">The server offers no tools.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error.</exception>
    public async Task<ListToolsResult> ListToolsPageAsync(
        string? cursor = null, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        var parameters = JsonBody.Of(new ListToolsRequestParams { Cursor = cursor }, McpJson.Wire.ListToolsRequestParams);
        var page = await AskAsync(
            Methods.ToolsList, parameters, McpJson.Wire.ListToolsResult, options, cancellationToken).ConfigureAwait(false);
        page = page with { Tools = [.. era.Take(page.Tools).Select(Icons.Of)] };
        foreach (var tool in page.Tools)
            tools.See(tool);
        return page;
    }

    /// <summary>
    /// Calls a tool and returns its answer, which may say that the tool failed: look at <see cref="ToolAnswer.IsError"/>, or call
    /// <see cref="ToolAnswer.EnsureSuccess"/>. <see cref="ToolAnswer.Text"/> is empty if the answer holds no text. A call that the server
    /// goes on with as a task is waited for like any other, as long as it takes: <see cref="RequestTimeouts.Total"/> alone bounds the whole.
    /// </summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">An object with the arguments as members, such as <c>new { city = "Oslo" }</c>; a dictionary; or null.</param>
    /// <param name="options">What this call wants differently.</param>
    /// <param name="cancellationToken">Ends the wait, and tells the server that the answer is no longer wanted.</param>
    /// <exception cref="MissingServerCapabilityException">The server offers no tools.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error: there is no such tool, for instance.</exception>
    /// <exception cref="ToolTaskCancelledException">The call went on as a task, which somebody else cancelled.</exception>
    /// <exception cref="RequestTimedOutException">No answer came in time.</exception>
    /// <exception cref="ProtocolFaultException">The answer breaks the protocol.</exception>
    /// <exception cref="TransportClosedException">The server is gone.</exception>
    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    public Task<ToolAnswer> CallToolAsync(
        string name, object? arguments = null, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        CallAsync(new PlainCall(name, Written(arguments)), options ?? RequestOptions.Default, cancellationToken);

    /// <inheritdoc cref="CallToolAsync(string, object?, RequestOptions?, CancellationToken)"/>
    public Task<ToolAnswer> CallToolAsync(
        string name, JsonElement arguments, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        CallAsync(new PlainCall(name, BodyOf(arguments)), options ?? RequestOptions.Default, cancellationToken);

    /// <summary>
    /// Calls a tool and reads its structured answer as a <typeparamref name="T"/>; in revisions that have none (until 2025-03-26), its
    /// text, which must then be JSON. Null only if the tool answered with null.
    /// </summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">An object with the arguments as members, such as <c>new { city = "Oslo" }</c>; a dictionary; or null.</param>
    /// <param name="options">What this call wants differently.</param>
    /// <param name="cancellationToken">Ends the wait, and tells the server that the answer is no longer wanted.</param>
    /// <exception cref="ToolFailedException">The tool failed.</exception>
    /// <exception cref="StructuredContentException">The answer holds nothing that could be read so.</exception>
    /// <exception cref="MissingServerCapabilityException">The server offers no tools.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error: there is no such tool, for instance.</exception>
    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    public Task<T> CallToolAsync<T>(
        string name, object? arguments = null, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        CallAsync(name, arguments is null ? NoArguments : Written(arguments), TypeInfo<T>(), options, cancellationToken);

    /// <inheritdoc cref="CallToolAsync{T}(string, object?, RequestOptions?, CancellationToken)"/>
    public Task<T> CallToolAsync<T>(
        string name,
        JsonElement arguments,
        JsonTypeInfo<T> resultType,
        RequestOptions? options = null,
        CancellationToken cancellationToken = default) => CallAsync(name, BodyOf(arguments), resultType, options, cancellationToken);

    private async Task<T> CallAsync<T>(
        string name, JsonBody arguments, JsonTypeInfo<T> resultType, RequestOptions? options, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(
            new PlainCall(name, arguments), options ?? RequestOptions.Default, cancellationToken).ConfigureAwait(false);
        return StructuredAnswer.Read(answer.EnsureSuccess(), era.Revision.StructuredContent, resultType);
    }

    private static JsonBody NoArguments { get; } = new("{}"u8.ToArray());

    /// <summary>What is no object is refused later, whatever it is.</summary>
    private static JsonBody BodyOf(JsonElement arguments) => arguments.ValueKind == JsonValueKind.Object
        ? JsonBody.Written(arguments, McpJson.Wire.JsonElement)
        : new JsonBody("null"u8.ToArray());

    /// <summary>SHOULD: what a tool answers for code is held against the schema that it was listed with.</summary>
    private void CheckStructure(ToolAnswer answer)
    {
        if (!options.ValidatesStructuredContent || era.Revision.StructuredContent == StructuredContent.None)
            return;
        if (tools.Find(answer.Tool) is not { } seen)
            return;

        if (seen.OutputSchema is { } schema)
            StructuredAnswer.Check(answer, schema);
        else if (seen.TakeOutputSchemaFault() is { } unusable)
            Conversation.Inbox.Report(new ProtocolFaultException(
                $"The output schema of the tool '{answer.Tool}' cannot be used, so its answers are not checked: {unusable.Message}"));
    }

    private async Task<TResult> AskAsync<TResult>(
        string method, JsonBody parameters, JsonTypeInfo<TResult> resultType, RequestOptions? options, CancellationToken cancellationToken)
        where TResult : Result
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        var result = await AskCheckedAsync(method, parameters, options ?? RequestOptions.Default, cancellationToken).ConfigureAwait(false);
        return TaskServer.Read(method, result, resultType);
    }

    /// <summary>Asks what the server has declared to serve.</summary>
    private ValueTask<JsonBody> AskCheckedAsync(
        string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        if (this.options.ChecksServerCapabilities)
            RequiredCapability.Check(method, ServerCapabilities, Revision);
        return era.AskAsync(method, parameters, options, cancellationToken);
    }

    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    private JsonTypeInfo<T> TypeInfo<T>()
    {
        // Options that nobody has used yet have no resolver, and would know no type at all.
        options.Json.MakeReadOnly(populateMissingResolver: true);
        return (JsonTypeInfo<T>)options.Json.GetTypeInfo(typeof(T));
    }

    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    private JsonBody Written(object? arguments)
    {
        if (arguments is null)
            return default;

        options.Json.MakeReadOnly(populateMissingResolver: true);
        return JsonBody.Written(arguments, options.Json.GetTypeInfo(arguments.GetType()));
    }
}
