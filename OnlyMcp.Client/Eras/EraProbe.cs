using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Eras;

/// <summary>
/// Finds out which era a server speaks, from what comes back to the opening questions: pure functions over values, and the only
/// place that chooses.
/// </summary>
/// <remarks>
/// Spec: 2026-07-28 basic/versioning §Compatibility Matrix
/// Spec: 2026-07-28 basic/transports/stdio §Backward Compatibility
/// Spec: 2026-07-28 basic/transports/streamable-http §Backward Compatibility
/// </remarks>
internal static class EraProbe
{
    /// <summary>The first question: the remembered one, or else the modern one, among those that may be asked.</summary>
    /// <param name="allowed">The revisions that may be spoken, newest first.</param>
    /// <param name="remembered">How the server was asked last, if that is known.</param>
    /// <param name="overHttp">Whether the way there is HTTP.</param>
    public static ProbeStep.Try First(IReadOnlyList<Revision> allowed, Approach? remembered, bool overHttp)
    {
        var likely = remembered is null or Approach.Discover ? Era.Modern : Era.Legacy;
        var revision = allowed.FirstOrDefault(revision => revision.Era == likely) ?? allowed[0];
        if (revision.Era == Era.Modern)
            return new(Approach.Discover, revision);
        if (remembered is { } approach and not Approach.Discover)
            return new(approach, revision);
        return new(overHttp && !revision.HasStreamableHttp ? Approach.InitializeOverHttpSse : Approach.Initialize, revision);
    }

    /// <summary>What an answer to a question means.</summary>
    public static ProbeStep Judge(ProbeStep.Try tried, ProbeAnswer answer, IReadOnlyList<Revision>? allowed = null)
    {
        allowed ??= KnownRevisions.All;

        // 401 and 403 are about credentials, 5xx about an accident: whoever falls back here talks to a healthy server in the wrong way.
        if (answer.IsNoEvidence)
            return new ProbeStep.GiveUp(answer.Summary);

        return tried.Approach == Approach.Discover ? AfterDiscover(tried, answer, allowed) : AfterInitialize(tried, answer, allowed);
    }

    private static ProbeStep AfterDiscover(ProbeStep.Try tried, ProbeAnswer answer, IReadOnlyList<Revision> allowed) => answer switch
    {
        { Error.Code: ErrorCode.UnsupportedProtocolVersion } => ChooseFrom(SupportedIn(answer.Error), tried, answer, allowed),

        // MUST NOT: a recognised modern error is no reason to fall back. Nothing in the question could be mended, though.
        { Error.Code: ErrorCode.HeaderMismatch or ErrorCode.MissingRequiredClientCapability } => Evident(answer.Summary),

        { Result: { } result } when VersionsOf(result) is { } versions => versions.Contains(tried.Revision.Version)
            ? new ProbeStep.Settle(tried.Revision)
            : ChooseFrom(versions, tried, answer, allowed),
        { Result: { } result } when IsStamped(result) => new ProbeStep.Settle(tried.Revision),

        // MUST NOT: the fallback is keyed to no error code. Errors of every other kind, an empty or strange 2xx, any other 4xx and
        // silence all say the same: whoever answers does not know the question.
        _ => FallBack(answer, allowed),
    };

    private static ProbeStep FallBack(ProbeAnswer answer, IReadOnlyList<Revision> allowed) =>
        allowed.FirstOrDefault(revision => revision.Era == Era.Legacy) is { } newest
            ? new ProbeStep.Try(Approach.Initialize, newest)
            : Evident($"The server does not know {Show(allowed)}, and this client may speak nothing else. Came: {answer.Summary}");

    private static ProbeStep AfterInitialize(ProbeStep.Try tried, ProbeAnswer answer, IReadOnlyList<Revision> allowed) => answer switch
    {
        { Result: { } result } => Negotiate(result, allowed),
        { Error.Code: ErrorCode.UnsupportedProtocolVersion or ErrorCode.HeaderMismatch or ErrorCode.MissingRequiredClientCapability } =>
            Evident($"The server speaks modern revisions only: {answer.Summary}"),

        // MUST: from 400, 404 and 405 the way leads to HTTP+SSE; a pipe has no such status.
        { Status: 400 or 404 or 405 } when tried.Approach == Approach.Initialize =>
            new ProbeStep.Try(Approach.InitializeOverHttpSse, tried.Revision),
        _ => Evident(answer.Summary),
    };

    private static ProbeStep Negotiate(JsonElement result, IReadOnlyList<Revision> allowed)
    {
        if (Text(result, "protocolVersion") is not { } version)
            return Evident("The answer to 'initialize' names no protocol version.");

        // SHOULD: a client that does not know the version that the server chose says so and leaves.
        return allowed.FirstOrDefault(revision => revision.Era == Era.Legacy && revision.Version == version) is { } agreed
            ? new ProbeStep.Settle(agreed)
            : Evident($"The server answered 'initialize' with the protocol version '{version}'; this client may speak {Show(allowed)}.");
    }

    /// <summary>SHOULD: takes the newest version that both know, modern ones first; a legacy one means "use initialize".</summary>
    private static ProbeStep ChooseFrom(
        IReadOnlyCollection<string>? versions, ProbeStep.Try tried, ProbeAnswer answer, IReadOnlyList<Revision> allowed)
    {
        var common = allowed.FirstOrDefault(revision =>
            versions?.Contains(revision.Version) == true && !(tried.IsRepeat && revision.Era == Era.Modern));
        return common switch
        {
            // Choice: the page says not to fall back, and to use a version of the list; a server whose list is empty speaks no modern one.
            null when versions is { Count: 0 } => FallBack(answer, allowed),
            { Era: Era.Modern } => new ProbeStep.Try(Approach.Discover, common) { IsRepeat = true },
            { Era: Era.Legacy } => new ProbeStep.Try(Approach.Initialize, common),
            _ => Evident($"The server and this client know no protocol version in common. The server names "
                + (versions is { Count: > 0 } ? string.Join(", ", versions.Take(10)) : "none")
                + $"; this client may speak {Show(allowed)}. Came: {answer.Summary}"),
        };
    }

    private static ProbeStep.GiveUp Evident(string reason) => new(reason) { IsEvidence = true };

    private static string Show(IReadOnlyList<Revision> revisions) => string.Join(", ", revisions.Select(revision => revision.Version));

    /// <summary>A DiscoverResult is known by the versions that it lists.</summary>
    private static string[]? VersionsOf(JsonElement result) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty("supportedVersions", out var list) ? TextsIn(list) : null;

    private static string[]? SupportedIn(JsonRpcError error)
    {
        if (error.Data.IsAbsent || error.Data.ToElement() is not { ValueKind: JsonValueKind.Object } data)
            return null;
        return data.TryGetProperty("supported", out var list) ? TextsIn(list) : null;
    }

    private static string[]? TextsIn(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
            return null;

        string[] texts = [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];
        return texts.Length == 0 && list.GetArrayLength() > 0 ? null : texts;
    }

    private static bool IsStamped(JsonElement result) => Text(result, "resultType") is ResultTypes.Complete or ResultTypes.InputRequired;

    private static string? Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
