using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 basic §Requests
/// <summary>What every request may say beside its own members.</summary>
public abstract record RequestParams
{
    /// <summary>
    /// Facts about the request itself: which protocol version it speaks, who sends it, where to report progress.
    /// Required on every request since 2026-07-28; optional before.
    /// </summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public RequestMeta? Meta { get; init; }
}

// Spec: 2026-07-28 basic §Notifications
/// <summary>What every notification (a message without an answer) may say beside its own members.</summary>
public abstract record NotificationParams
{
    /// <summary>Facts about the notification itself, by key; <see cref="MetaKeys"/> names the reserved ones.</summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }
}

// Spec: 2026-07-28 basic §ResultType
/// <summary>What every successful answer may say beside its own members.</summary>
public abstract record Result
{
    /// <summary>
    /// How to read this answer: <see cref="ResultTypes.Complete"/>, <see cref="ResultTypes.InputRequired"/> or the name that an
    /// extension defines. Since 2026-07-28; absent in answers of older servers, which means complete.
    /// </summary>
    [JsonPropertyOrder(StampOrder.ResultType)]
    public string? ResultType { get; init; }

    /// <summary>Facts about the answer itself, by key; <see cref="MetaKeys"/> names the reserved ones.</summary>
    [JsonPropertyName("_meta"), JsonPropertyOrder(StampOrder.Meta)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }
}

// Spec: 2026-07-28 basic §ResultType
/// <summary>The values that <see cref="Result.ResultType"/> has in the core protocol.</summary>
public static class ResultTypes
{
    /// <summary>The request is done and this is its answer.</summary>
    public const string Complete = "complete";

    /// <summary>The server needs more from the client before it can answer. Since 2026-07-28.</summary>
    public const string InputRequired = "input_required";
}

// Spec: 2026-07-28 basic §Result Responses
/// <summary>An answer that says only that the request has succeeded.</summary>
public sealed record EmptyResult : Result;

// Spec: 2026-07-28 basic §_meta
/// <summary>The name and version of a program that speaks the protocol, with what a user interface may show of it.</summary>
public sealed record Implementation
{
    /// <summary>The program's name, for code and logs; shown to people where <see cref="Title"/> is missing.</summary>
    public required string Name { get; init; }

    /// <summary>The name to show to people. Since 2025-06-18.</summary>
    public string? Title { get; init; }

    /// <summary>The program's version, in whatever scheme it uses.</summary>
    public required string Version { get; init; }

    /// <summary>What the program is for, in a sentence or two. Since 2025-11-25.</summary>
    public string? Description { get; init; }

    /// <summary>Where to read more about the program: an absolute URL. Since 2025-11-25.</summary>
    public string? WebsiteUrl { get; init; }

    /// <summary>Pictures to show beside the name. Since 2025-11-25.</summary>
    public IReadOnlyList<Icon>? Icons { get; init; }
}

// Spec: 2026-07-28 basic §icons
/// <summary>A picture that a user interface may show beside a name. Since 2025-11-25.</summary>
public sealed record Icon
{
    /// <summary>
    /// Where the picture is: an <c>https:</c> (or <c>http:</c>) URL, or a <c>data:</c> URI that holds it in base64.
    /// Comes from the peer and is not checked here: refuse other schemes before fetching it.
    /// </summary>
    public required string Src { get; init; }

    /// <summary>The picture's media type, such as <c>image/png</c>, where the source does not tell.</summary>
    public string? MimeType { get; init; }

    /// <summary>The sizes in pixels that it suits, such as <c>48x48</c>, or <c>any</c>; null means every size.</summary>
    public IReadOnlyList<string>? Sizes { get; init; }

    /// <summary>The background that it is drawn for; null means either.</summary>
    public IconTheme? Theme { get; init; }
}

// Spec: 2026-07-28 basic §icons
/// <summary>The background that an icon is drawn for.</summary>
[JsonConverter(typeof(WireNameConverter<IconTheme>))]
public enum IconTheme
{
    /// <summary>A light background.</summary>
    [JsonStringEnumMemberName("light")] Light,

    /// <summary>A dark background.</summary>
    [JsonStringEnumMemberName("dark")] Dark,
}

// Spec: 2026-07-28 basic §Error Codes
/// <summary>What an error says when a request needs something that the client has not declared. Since 2026-07-28.</summary>
public sealed record MissingRequiredClientCapabilityErrorData
{
    /// <summary>The capabilities that the client would have to declare.</summary>
    public required ClientCapabilities RequiredCapabilities { get; init; }
}
