using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 client/elicitation §Elicitation Requests
/// <summary>
/// A question to the client's user (<c>elicitation/create</c>), answered in a form, <see cref="ElicitRequestFormParams"/>, or on
/// a web page, <see cref="ElicitRequestUrlParams"/>. Since 2025-06-18.
/// </summary>
[JsonConverter(typeof(ElicitRequestParamsConverter))]
public abstract record ElicitRequestParams : RequestParams
{
    private protected ElicitRequestParams() { }

    /// <summary>What to say to the user: what is wanted, and why.</summary>
    [JsonPropertyOrder(-1)]
    public required string Message { get; init; }

    /// <summary>The wish that the answer come later, as a task. 2025-11-25 only.</summary>
    [JsonPropertyOrder(StampOrder.Task)]
    public TaskMetadata? Task { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Form Mode Elicitation Requests
/// <summary>A question to the client's user, answered in a form. Never ask for a password or another secret so.</summary>
public sealed record ElicitRequestFormParams : ElicitRequestParams
{
    /// <summary><see cref="ElicitModes.Form"/>, or null, which says the same to every revision. Since 2025-11-25.</summary>
    [JsonPropertyOrder(-2)]
    public string? Mode { get; init; }

    /// <summary>The fields of the form.</summary>
    [JsonConverter(typeof(ElicitSchemaConverter))]
    public required ElicitSchema RequestedSchema { get; init; }
}

// Spec: 2026-07-28 client/elicitation §URL Mode Elicitation Requests
/// <summary>
/// The wish that the client's user go to a web page and do there what the client must not see: log in, pay, type a secret.
/// Since 2025-11-25.
/// </summary>
public sealed record ElicitRequestUrlParams : ElicitRequestParams
{
    /// <summary>Always <see cref="ElicitModes.Url"/>.</summary>
    [JsonPropertyOrder(-2)]
    public string Mode { get; } = ElicitModes.Url;

    /// <summary>
    /// The page. Comes from the peer and is not checked here: show it to the user and ask before opening it.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>The server's name for this question, under which it tells that the user is done. 2025-11-25 only, required there.</summary>
    public string? ElicitationId { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Elicitation Requests
/// <summary>The ways to ask a user, as <c>mode</c> names them.</summary>
public static class ElicitModes
{
    /// <summary>In a form of the client.</summary>
    public const string Form = "form";

    /// <summary>On a web page.</summary>
    public const string Url = "url";
}

// Spec: 2026-07-28 client/elicitation §Response Actions
/// <summary>What the user has answered.</summary>
public sealed record ElicitResult : Result
{
    /// <summary>Whether the user has answered at all.</summary>
    public required ElicitAction Action { get; init; }

    /// <summary>
    /// What the user has filled in, by the name of the field: strings, numbers, booleans and lists of strings. Null unless a form
    /// was accepted.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement>? Content { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Response Actions
/// <summary>What a user does about a question.</summary>
[JsonConverter(typeof(WireNameConverter<ElicitAction>))]
public enum ElicitAction
{
    /// <summary>The user has filled in the form and sent it, or agreed to open the page.</summary>
    [JsonStringEnumMemberName("accept")] Accept,

    /// <summary>The user has said no.</summary>
    [JsonStringEnumMemberName("decline")] Decline,

    /// <summary>The user has turned away without a decision.</summary>
    [JsonStringEnumMemberName("cancel")] Cancel,
}
