using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.UriTemplates;

namespace OnlyMcp.Server.Resources;

/// <summary>Reads what an address leads to.</summary>
/// <param name="uri">The address.</param>
/// <param name="values">What stands in it for each variable of the template, decoded.</param>
/// <param name="context">The request that this answers.</param>
/// <param name="cancellationToken">Is cancelled when the client no longer wants the answer.</param>
public delegate ValueTask<Result> ResourceReader(
    string uri, IReadOnlyDictionary<string, UriValue> values, RequestContext context, CancellationToken cancellationToken);

/// <summary>A template that is given with the code that reads: nothing is read from types, so a trimmed program may use it.</summary>
/// <param name="definition">What clients are told.</param>
/// <param name="handler">Reads what an address leads to.</param>
public sealed class DefinedResourceTemplate(ResourceTemplate definition, ResourceReader handler) : McpResourceTemplate(definition)
{
    /// <inheritdoc/>
    public override ValueTask<Result> ReadAsync(
        string uri, IReadOnlyDictionary<string, UriValue> values, RequestContext context, CancellationToken cancellationToken) =>
        handler(uri, values, context, cancellationToken);
}
