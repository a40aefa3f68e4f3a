using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

// Spec: 2026-07-28 server/resources §Protocol Messages
public sealed partial class McpClient
{
    /// <summary>Lists what can be read from the server, asking for page after page as it is read.</summary>
    /// <exception cref="ProtocolFaultException">
    /// The pages have no end: a cursor came twice, or there are more than <see cref="ClientLimits.MaxPages"/>.
    /// </exception>
    /// <exception cref="MissingServerCapabilityException">The server offers no resources.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error.</exception>
    public IAsyncEnumerable<Resource> ListResourcesAsync(RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadPagesAsync(
            Methods.ResourcesList,
            (cursor, stop) => ListResourcesPageAsync(cursor, options, stop),
            page => page.Resources,
            cancellationToken);

    /// <summary>
    /// Lists one page of what can be read from the server: the first without a cursor, the next with the page's
    /// <see cref="PaginatedResult.NextCursor"/>.
    /// </summary>
    /// <exception cref="MissingServerCapabilityException">The server offers no resources.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error.</exception>
    public async Task<ListResourcesResult> ListResourcesPageAsync(
        string? cursor = null, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        var parameters = JsonBody.Of(new ListResourcesRequestParams { Cursor = cursor }, McpJson.Wire.ListResourcesRequestParams);
        var page = await AskAsync(
            Methods.ResourcesList, parameters, McpJson.Wire.ListResourcesResult, options, cancellationToken).ConfigureAwait(false);
        return page with { Resources = [.. page.Resources.Select(Icons.Of)] };
    }

    /// <summary>
    /// Lists the server's resource templates, addresses with parts to fill in, asking for page after page as they are read.
    /// </summary>
    /// <exception cref="ProtocolFaultException">
    /// The pages have no end: a cursor came twice, or there are more than <see cref="ClientLimits.MaxPages"/>.
    /// </exception>
    /// <exception cref="MissingServerCapabilityException">The server offers no resources.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error.</exception>
    public IAsyncEnumerable<ResourceTemplate> ListResourceTemplatesAsync(
        RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadPagesAsync(
            Methods.ResourcesTemplatesList,
            (cursor, stop) => ListResourceTemplatesPageAsync(cursor, options, stop),
            page => page.ResourceTemplates,
            cancellationToken);

    /// <summary>
    /// Lists one page of the server's resource templates: the first without a cursor, the next with the page's
    /// <see cref="PaginatedResult.NextCursor"/>.
    /// </summary>
    /// <exception cref="MissingServerCapabilityException">The server offers no resources.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error.</exception>
    public async Task<ListResourceTemplatesResult> ListResourceTemplatesPageAsync(
        string? cursor = null, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        var parameters = JsonBody.Of(
            new ListResourceTemplatesRequestParams { Cursor = cursor }, McpJson.Wire.ListResourceTemplatesRequestParams);
        var page = await AskAsync(
            Methods.ResourcesTemplatesList,
            parameters,
            McpJson.Wire.ListResourceTemplatesResult,
            options,
            cancellationToken).ConfigureAwait(false);
        return page with { ResourceTemplates = [.. page.ResourceTemplates.Select(Icons.Of)] };
    }

    /// <summary>Reads a resource of the server.</summary>
    /// <param name="uri">Its address: one that was listed, or a template with its parts filled in.</param>
    /// <param name="options">What this call wants differently.</param>
    /// <param name="cancellationToken">Ends the wait, and tells the server that the answer is no longer wanted.</param>
    /// <exception cref="MissingServerCapabilityException">The server offers no resources.</exception>
    /// <exception cref="JsonRpcException">
    /// The server answered with an error. <see cref="ErrorCode.ResourceNotFound"/>, or <see cref="ErrorCode.InvalidParams"/> since
    /// 2026-07-28, says that there is no such resource.
    /// </exception>
    /// <exception cref="ProtocolFaultException">The answer breaks the protocol.</exception>
    public async Task<ResourceAnswer> ReadResourceAsync(
        string uri, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        var parameters = JsonBody.Of(new ReadResourceRequestParams { Uri = uri }, McpJson.Wire.ReadResourceRequestParams);
        var result = await AskAsync(
            Methods.ResourcesRead, parameters, McpJson.Wire.ReadResourceResult, options, cancellationToken).ConfigureAwait(false);
        return new ResourceAnswer(uri, result);
    }
}
