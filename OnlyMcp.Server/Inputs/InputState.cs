using System.Text.Json;

namespace OnlyMcp.Server.Inputs;

/// <summary>All that a handler's next run has to know of those before it. It travels through the client, sealed.</summary>
internal sealed record InputState
{
    /// <summary>How often the client has been asked.</summary>
    public int Round { get; init; }

    /// <summary>What is known, by key: the client's answers, and the results of what runs once.</summary>
    public IReadOnlyDictionary<string, KnownInput> Known { get; init; } = new Dictionary<string, KnownInput>();

    /// <summary>What was asked last, by key.</summary>
    public IReadOnlyDictionary<string, AskedInput> Asked { get; init; } = new Dictionary<string, AskedInput>();

    /// <summary>What a handler that asks by hand wants to see again.</summary>
    public string? Own { get; init; }
}

/// <summary>A question that was asked.</summary>
/// <param name="Digest">Stands for the question: an answer counts for this one alone.</param>
/// <param name="Method">What kind of question; null where the handler that asked will ask again.</param>
/// <param name="Schema">The schema of the form, if it was one and the handler asked by hand.</param>
internal sealed record AskedInput(string Digest, string? Method = null, JsonElement? Schema = null);

/// <summary>The answer to a question, or the result of what runs once.</summary>
internal sealed record KnownInput(AskedInput Asked, JsonElement Value);
