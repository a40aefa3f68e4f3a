using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Server.Eras;

/// <summary>Chooses the era of a message from what is written on it: a pure function, and the only place that chooses.</summary>
/// <remarks>Spec: 2026-07-28 basic/versioning §Compatibility Matrix</remarks>
internal static class EraSelector
{
    /// <param name="method">The method of the request or notification; null for a response.</param>
    /// <param name="metaVersion">The version in the message's own metadata; null if it names none.</param>
    /// <param name="headerVersion">The version in the HTTP header; null if there is none.</param>
    public static Era Select(string? method, string? metaVersion, string? headerVersion)
    {
        // MUST: request metadata that names a version makes a request modern, known version or not.
        if (metaVersion is not null)
            return Era.Modern;

        // MUST: initialize opens a legacy conversation; there is no such method in the modern era.
        if (method == Methods.Initialize)
            return Era.Legacy;

        // The header of a known modern revision without the metadata: modern, and answered with what is missing.
        return KnownRevisions.Find(headerVersion)?.Era ?? Era.Legacy;
    }
}
