using System.Text.Json;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 basic/patterns/mrtr §InputRequiredResult
/// <summary>
/// The server cannot answer yet: the client is to find out what is asked here, and to send its request again with the answers.
/// One of the two members is there at least. Since 2026-07-28.
/// </summary>
public sealed record InputRequiredResult : Result
{
    /// <summary>What the server asks, each question under a key of the server's own; the answers go back under the same keys.</summary>
    public IReadOnlyDictionary<string, InputRequest>? InputRequests { get; init; }

    /// <summary>
    /// What the client sends back with the answers, unchanged: it means something to the server only, which must not trust it.
    /// </summary>
    public string? RequestState { get; init; }
}

// Spec: 2026-07-28 basic/patterns/mrtr §InputRequests
/// <summary>One question of a server to its client. Since 2026-07-28.</summary>
public sealed record InputRequest
{
    /// <summary>
    /// What is asked for: <c>elicitation/create</c>, <c>sampling/createMessage</c> or <c>roots/list</c>.
    /// </summary>
    public required string Method { get; init; }

    /// <summary>
    /// The question itself: <see cref="ElicitRequestParams"/>, <see cref="CreateMessageRequestParams"/> or
    /// <see cref="ListRootsRequestParams"/>, which alone may be left out.
    /// </summary>
    public JsonElement? Params { get; init; }
}
