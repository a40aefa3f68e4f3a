using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Inputs;

/// <summary>What a client declares that it can do: what its options have handlers for, and what they add to that.</summary>
/// <remarks>
/// Spec: 2026-07-28 client/elicitation §Capabilities
/// Spec: 2026-07-28 client/sampling §Capabilities
/// Spec: 2026-07-28 client/roots §Capabilities
/// </remarks>
internal static class DeclaredCapabilities
{
    private static readonly CapabilitySettings Declared = new();

    public static ClientCapabilities Of(McpClientOptions options, Revision revision)
    {
        var own = options.Capabilities;
        return own with
        {
            Elicitation = ElicitationOf(options, revision, own.Elicitation),
            Sampling = SamplingOf(options, revision, own.Sampling),
            Extensions = ExtensionsOf(options, own.Extensions),
            Roots = options.Roots is null ? own.Roots : new RootsCapability { ListChanged = revision.AnnouncesRootChanges ? true : null },
        };
    }

    /// <summary>An empty object says that the extension is spoken; one that has settings already keeps them.</summary>
    private static IReadOnlyDictionary<string, JsonElement>? ExtensionsOf(McpClientOptions options, IReadOnlyDictionary<string, JsonElement>? own)
    {
        if (options.Authorization?.Grant?.Extension is not { } id || own?.ContainsKey(id) == true)
            return own;

        return new Dictionary<string, JsonElement>(own ?? new Dictionary<string, JsonElement>()) { [id] = JsonElement.Parse("{}") };
    }

    private static ElicitationCapability? ElicitationOf(McpClientOptions options, Revision revision, ElicitationCapability? own)
    {
        // A revision that knows forms alone has no words for a client that takes pages alone.
        var takes = options.OnElicit is not null || (revision.HasUrlElicitation && options.OnElicitUrl is not null);
        if (!revision.HasElicitation || !takes)
            return own;
        if (!revision.HasUrlElicitation)
            return own ?? new ElicitationCapability();

        return new ElicitationCapability
        {
            Form = own?.Form ?? (options.OnElicit is null ? null : Declared),
            Url = own?.Url ?? (options.OnElicitUrl is null ? null : Declared),
        };
    }

    private static SamplingCapability? SamplingOf(McpClientOptions options, Revision revision, SamplingCapability? own)
    {
        if (options.OnSample is null)
            return own;

        return new SamplingCapability
        {
            Tools = own?.Tools ?? (options.SamplesWithTools && revision.HasSamplingTools ? Declared : null),
            Context = own?.Context ?? (options.SamplesWithContext && revision.HasSamplingTools ? Declared : null),
        };
    }
}
