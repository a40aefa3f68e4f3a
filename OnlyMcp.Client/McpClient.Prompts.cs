using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

// Spec: 2026-07-28 server/prompts §Protocol Messages
public sealed partial class McpClient
{
    /// <summary>Lists the server's prompts, prepared messages for a language model, asking for page after page as they are read.</summary>
    /// <exception cref="ProtocolFaultException">
    /// The pages have no end: a cursor came twice, or there are more than <see cref="ClientLimits.MaxPages"/>.
    /// </exception>
    /// <exception cref="MissingServerCapabilityException">The server offers no prompts.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error.</exception>
    public IAsyncEnumerable<Prompt> ListPromptsAsync(RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadPagesAsync(
            Methods.PromptsList, (cursor, stop) => ListPromptsPageAsync(cursor, options, stop), page => page.Prompts, cancellationToken);

    /// <summary>
    /// Lists one page of the server's prompts: the first without a cursor, the next with the page's
    /// <see cref="PaginatedResult.NextCursor"/>.
    /// </summary>
    /// <exception cref="MissingServerCapabilityException">The server offers no prompts.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error.</exception>
    public async Task<ListPromptsResult> ListPromptsPageAsync(
        string? cursor = null, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        var parameters = JsonBody.Of(new ListPromptsRequestParams { Cursor = cursor }, McpJson.Wire.ListPromptsRequestParams);
        var page = await AskAsync(
            Methods.PromptsList, parameters, McpJson.Wire.ListPromptsResult, options, cancellationToken).ConfigureAwait(false);
        return page with { Prompts = [.. page.Prompts.Select(Icons.Of)] };
    }

    /// <summary>Has the server fill in a prompt, and returns the messages to give the language model.</summary>
    /// <param name="name">The prompt's name.</param>
    /// <param name="arguments">The values to fill in, by name; null for none.</param>
    /// <param name="options">What this call wants differently.</param>
    /// <param name="cancellationToken">Ends the wait, and tells the server that the answer is no longer wanted.</param>
    /// <exception cref="MissingServerCapabilityException">The server offers no prompts.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error: no such prompt, or an argument is missing.</exception>
    /// <exception cref="ProtocolFaultException">The answer breaks the protocol.</exception>
    public async Task<GetPromptResult> GetPromptAsync(
        string name,
        IReadOnlyDictionary<string, string>? arguments = null,
        RequestOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var parameters = JsonBody.Of(
            new GetPromptRequestParams { Name = name, Arguments = arguments }, McpJson.Wire.GetPromptRequestParams);
        var prompt = await AskAsync(
            Methods.PromptsGet, parameters, McpJson.Wire.GetPromptResult, options, cancellationToken).ConfigureAwait(false);
        return prompt with { Messages = [.. prompt.Messages.Select(message => message with { Content = Icons.Of(message.Content) })] };
    }
}
