using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.UriTemplates;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Completions;

namespace OnlyMcp.Server.Resources;

/// <summary>Resources whose addresses differ in some parts only: a template for the address, and the code that reads what it leads to.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Resource Templates</remarks>
public abstract class McpResourceTemplate : IDemandsScopes
{
    /// <param name="definition">What clients are told about the template.</param>
    /// <exception cref="ArgumentException">Its URI template is none; the message says where and what.</exception>
    protected McpResourceTemplate(ResourceTemplate definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
        Template = Parse(definition.UriTemplate);
    }

    /// <summary>What clients are told about the template; its URI template is unique in its server.</summary>
    public ResourceTemplate Definition { get; }

    /// <summary>The template for the address.</summary>
    public UriTemplate Template { get; }

    /// <summary>For how long and for whom contents may be kept; null for what the server says of all.</summary>
    public CachePolicy? Caching { get; init; }

    /// <inheritdoc cref="Tools.McpTool.Scopes"/>
    public IReadOnlyList<string> Scopes { get; init => field = DemandedScopes.Check(value); } = [];

    /// <summary>
    /// Whether <c>..</c> may stand between slashes in a value. Off by default: in a path it leads out of the folder that the handler
    /// means to serve.
    /// </summary>
    public bool AllowsParentSegments { get; init; }

    /// <summary>How its variables are completed while somebody types them.</summary>
    internal ArgumentCompletions Completions { get; } = new();

    /// <summary>The values of the variables in this address; null if it is not one of the template's.</summary>
    internal IReadOnlyDictionary<string, UriValue>? Match(string uri) =>
        Template.Match(uri) is { } values && SafeValues.Are(values, Template.Variables, AllowsParentSegments) ? values : null;

    /// <summary>Reads what the address leads to.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="values">
    /// What stands in the address for each variable, decoded. A value of <c>{+path}</c> may still begin with a slash or name a drive, and a
    /// link may lead anywhere: who serves files compares the resolved path with the folder.
    /// </param>
    /// <param name="context">The request that this answers.</param>
    /// <param name="cancellationToken">Is cancelled when the client no longer wants the answer.</param>
    /// <returns>Its <see cref="ReadResourceResult"/>, or another result that the client can take, such as one that asks for input.</returns>
    /// <exception cref="ResourceNotFoundException">There is no such resource.</exception>
    public abstract ValueTask<Result> ReadAsync(
        string uri, IReadOnlyDictionary<string, UriValue> values, RequestContext context, CancellationToken cancellationToken);

    private static UriTemplate Parse(string template)
    {
        try
        {
            return UriTemplate.Parse(template);
        }
        catch (FormatException fault)
        {
            throw new ArgumentException(fault.Message, nameof(template), fault);
        }
    }
}
