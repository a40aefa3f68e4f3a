using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server;

/// <summary>Compares what a handler needs of its client with what the client declared.</summary>
internal static class DeclaredCapabilities
{
    /// <summary>Whether everything that <paramref name="required"/> names is in <paramref name="declared"/>.</summary>
    public static bool Cover(ClientCapabilities declared, ClientCapabilities required) =>
        (required.Roots is null || declared.Roots is not null)
        && Covers(declared.Sampling, required.Sampling)
        && Covers(declared.Elicitation, required.Elicitation)
        && (required.Extensions is null || required.Extensions.Keys.All(key => declared.Extensions?.ContainsKey(key) == true));

    private static bool Covers(SamplingCapability? declared, SamplingCapability? required) => required is null
        || (declared is not null
            && (required.Tools is null || declared.Tools is not null)
            && (required.Context is null || declared.Context is not null));

    // MUST: an elicitation capability that names no mode means forms.
    private static bool Covers(ElicitationCapability? declared, ElicitationCapability? required) => required is null
        || (declared is not null
            && (required.Form is null || declared.Form is not null || declared.Url is null)
            && (required.Url is null || declared.Url is not null));
}
