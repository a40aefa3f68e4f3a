using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Inputs;

namespace OnlyMcp.Server;

/// <summary>
/// What the client answered to an <see cref="InputRequiredResult"/> that the handler returned by hand, under the keys of the questions.
/// </summary>
/// <remarks>
/// Answers of earlier rounds are here too, until their key is asked for again. What a client sends without having been asked is here
/// as well, where nothing else is known of the request: that is up to the handler.
/// Spec: 2026-07-28 basic/patterns/mrtr §InputResponses
/// </remarks>
public sealed class InputResponses
{
    private readonly IReadOnlyDictionary<string, KnownInput> answers;

    internal InputResponses(IReadOnlyDictionary<string, KnownInput> answers) => this.answers = answers;

    /// <summary>The keys that are answered.</summary>
    public IEnumerable<string> Keys => answers.Keys;

    /// <summary>Whether there is an answer under this key.</summary>
    public bool Contains(string key) => answers.ContainsKey(key);

    /// <summary>What the user did about a form or a page; null if there is no answer.</summary>
    /// <param name="key">The key of the question.</param>
    /// <param name="schema">What the form asked for, for an answer to which the library has not seen the question.</param>
    /// <exception cref="JsonRpcException">The answer is no such thing, or breaks the schema that was asked for (-32602): let it
    /// pass.</exception>
    public ElicitResult? Elicited(string key, ElicitSchema? schema = null)
    {
        JsonElement? form = schema is null ? null : JsonSerializer.SerializeToElement(schema, McpJson.Wire.ElicitSchema);
        return Find(key, Methods.ElicitationCreate, McpJson.Wire.ElicitResult, form);
    }

    /// <summary>What the client's language model said; null if there is no answer.</summary>
    /// <exception cref="JsonRpcException">The answer is no message (-32602): let it pass.</exception>
    public CreateMessageResult? Sampled(string key) => Find(key, Methods.SamplingCreateMessage, McpJson.Wire.CreateMessageResult);

    /// <summary>The folders that the server may work in; null if there is no answer.</summary>
    /// <exception cref="JsonRpcException">The answer is no list of folders (-32602): let it pass.</exception>
    public IReadOnlyList<Root>? Roots(string key) => Find(key, Methods.RootsList, McpJson.Wire.ListRootsResult)?.Roots;

    internal static JsonRpcException Unfit(string key, string wrong) =>
        new(ErrorCode.InvalidParams, $"The answer under inputResponses['{key}'] does not fit its question: {wrong}");

    private T? Find<T>(string key, string method, JsonTypeInfo<T> typeInfo, JsonElement? schema = null)
        where T : class
    {
        if (!answers.TryGetValue(key, out var known))
            return null;
        if (known.Asked.Method is { } asked && asked != method)
            throw new InvalidOperationException($"Under '{key}' the client was asked for '{asked}', not for '{method}'.");
        if (InputAnswer.WhatIsWrongWith(method, known.Asked.Schema ?? schema, known.Value) is { } wrong)
            throw Unfit(key, wrong);

        return InputAnswer.Read(known.Value, typeInfo);
    }
}
