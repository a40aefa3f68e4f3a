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
    /// <summary>The first question: the remembered one, the pinned one, or else the modern one.</summary>
    public static ProbeStep.Try First(Revision? pin, Approach? remembered, bool overHttp)
    {
        var revision = pin ?? KnownRevisions.Newest(remembered is null or Approach.Discover ? Era.Modern : Era.Legacy);
        if (revision.Era == Era.Modern)
            return new(Approach.Discover, revision);
        if (remembered is { } approach and not Approach.Discover)
            return new(approach, revision);
        return new(overHttp && !revision.HasStreamableHttp ? Approach.InitializeOverHttpSse : Approach.Initialize, revision);
    }

    /// <summary>What an answer to a question means.</summary>
    public static ProbeStep Judge(ProbeStep.Try tried, ProbeAnswer answer, Revision? pin = null)
    {
        // 401 and 403 are about credentials, 5xx about an accident: whoever falls back here talks to a healthy server in the wrong way.
        if (answer.IsNoEvidence)
            return new ProbeStep.GiveUp(answer.Summary);

        var next = tried.Approach == Approach.Discover ? AfterDiscover(tried, answer) : AfterInitialize(tried, answer, pin);
        return pin is null ? next : Pinned(next, pin, answer);
    }

    private static ProbeStep AfterDiscover(ProbeStep.Try tried, ProbeAnswer answer) => answer switch
    {
        { Error.Code: ErrorCode.UnsupportedProtocolVersion } => ChooseFrom(SupportedIn(answer.Error), tried, answer),

        // MUST NOT: a recognised modern error is no reason to fall back. Nothing in the question could be mended, though.
        { Error.Code: ErrorCode.HeaderMismatch or ErrorCode.MissingRequiredClientCapability } => Evident(answer.Summary),

        { Result: { } result } when VersionsOf(result) is { } versions => versions.Contains(tried.Revision.Version)
            ? new ProbeStep.Settle(tried.Revision)
            : ChooseFrom(versions, tried, answer),
        { Result: { } result } when IsStamped(result) => new ProbeStep.Settle(tried.Revision),

        // MUST NOT: the fallback is keyed to no error code. Errors of every other kind, an empty or strange 2xx, any other 4xx and
        // silence all say the same: whoever answers does not know the question.
        _ => new ProbeStep.Try(Approach.Initialize, KnownRevisions.Newest(Era.Legacy)),
    };

    private static ProbeStep AfterInitialize(ProbeStep.Try tried, ProbeAnswer answer, Revision? pin) => answer switch
    {
        { Result: { } result } => Negotiate(result),
        { Error.Code: ErrorCode.UnsupportedProtocolVersion or ErrorCode.HeaderMismatch or ErrorCode.MissingRequiredClientCapability } =>
            Evident($"The server speaks modern revisions only: {answer.Summary}"),

        // MUST: from 400, 404 and 405 the way leads to HTTP+SSE; a pipe has no such status.
        { Status: 400 or 404 or 405 } when tried.Approach == Approach.Initialize =>
            new ProbeStep.Try(Approach.InitializeOverHttpSse, tried.Revision),
        _ => Evident(answer.Summary),
    };

    private static ProbeStep Negotiate(JsonElement result)
    {
        if (Text(result, "protocolVersion") is not { } version)
            return Evident("The answer to 'initialize' names no protocol version.");

        // SHOULD: a client that does not know the version that the server chose says so and leaves.
        return KnownRevisions.Find(version) is { Era: Era.Legacy } revision
            ? new ProbeStep.Settle(revision)
            : Evident($"The server answered 'initialize' with the protocol version '{version}'; this client knows {Known(Era.Legacy)}.");
    }

    /// <summary>SHOULD: takes the newest version that both know, modern ones first; a legacy one means "use initialize".</summary>
    private static ProbeStep ChooseFrom(IReadOnlyCollection<string>? versions, ProbeStep.Try tried, ProbeAnswer answer)
    {
        var common = KnownRevisions.All.FirstOrDefault(revision =>
            versions?.Contains(revision.Version) == true && !(tried.IsRepeat && revision.Era == Era.Modern));
        return common switch
        {
            // Choice: the page says not to fall back, and to use a version of the list; a server whose list is empty speaks no modern one.
            null when versions is { Count: 0 } => new ProbeStep.Try(Approach.Initialize, KnownRevisions.Newest(Era.Legacy)),
            { Era: Era.Modern } => new ProbeStep.Try(Approach.Discover, common) { IsRepeat = true },
            { Era: Era.Legacy } => new ProbeStep.Try(Approach.Initialize, common),
            _ => Evident($"The server and this client know no protocol version in common. The server names "
                + (versions is { Count: > 0 } ? string.Join(", ", versions.Take(10)) : "none")
                + $"; this client knows {Known(Era.Modern)}, {Known(Era.Legacy)}. Came: {answer.Summary}"),
        };
    }

    private static ProbeStep Pinned(ProbeStep next, Revision pin, ProbeAnswer answer) => next switch
    {
        ProbeStep.Try { Revision: var other } when other != pin =>
            Evident($"The client is pinned to {pin}, which the server does not speak. Came: {answer.Summary}"),
        ProbeStep.Settle { Revision: var other } when other != pin =>
            Evident($"The client is pinned to {pin}; the server chose {other}."),
        _ => next,
    };

    private static ProbeStep.GiveUp Evident(string reason) => new(reason) { IsEvidence = true };

    private static string Known(Era era) =>
        string.Join(", ", KnownRevisions.All.Where(revision => revision.Era == era).Select(revision => revision.Version));

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
