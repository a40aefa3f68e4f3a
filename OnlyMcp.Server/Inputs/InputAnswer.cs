using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Inputs;

/// <summary>Holds a client's answer against what was asked.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/patterns/mrtr §Error Handling
/// Spec: 2026-07-28 client/elicitation §Form Mode Security
/// </remarks>
internal static class InputAnswer
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");
    private static readonly JsonSchemaOptions FormOptions = new() { AssertFormats = true };

    /// <summary>What is wrong with an answer, as path, expected and received; null if nothing is.</summary>
    /// <param name="method">What was asked for.</param>
    /// <param name="schema">The schema of the form, if it was one.</param>
    /// <param name="answer">What came.</param>
    public static string? WhatIsWrongWith(string method, JsonElement? schema, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object)
            return $"expected an object, received {Shown(answer)}";

        try
        {
            return method switch
            {
                Methods.ElicitationCreate => WhatIsWrongWith(Read(answer, McpJson.Wire.ElicitResult), answer, schema),
                Methods.RootsList => WhatIsWrongWith(Read(answer, McpJson.Wire.ListRootsResult)),
                Methods.SamplingCreateMessage => Read(answer, McpJson.Wire.CreateMessageResult) is null ? "expected a message" : null,
                _ => throw new InvalidOperationException($"A client cannot be asked for '{method}'."),
            };
        }
        catch (JsonException fault)
        {
            var place = string.Concat(SerializerPath.Steps(fault.Path).Select(step => "/" + step));
            return $"{place}: {fault.Message.Split(" Path: ")[0]}";
        }
    }

    public static T Read<T>(JsonElement answer, JsonTypeInfo<T> typeInfo) => answer.Deserialize(typeInfo)!;

    /// <summary>The content of a form that was sent; an empty one where all of its fields were left empty.</summary>
    public static JsonElement ContentOf(JsonElement answer) => answer.TryGetProperty("content", out var content) ? content : Nothing;

    /// <summary>The schema that a question holds its answer to; null if it holds none.</summary>
    public static JsonElement? SchemaOf(InputRequest question) =>
        question is { Method: Methods.ElicitationCreate, Params: { } parameters }
        && parameters.TryGetProperty("requestedSchema", out var schema)
            ? schema
            : null;

    // SHOULD: what was filled in is held against the schema that was sent.
    private static string? WhatIsWrongWith(ElicitResult result, JsonElement answer, JsonElement? schema)
    {
        if (result.Action != ElicitAction.Accept || schema is not { } form)
            return null;

        var errors = JsonSchema.Parse(form, FormOptions).Validate(ContentOf(answer));
        return errors.Count == 0 ? null : string.Join("; ", errors.Select(error => error with { Path = "/content" + error.Path }));
    }

    // MUST: a root's address begins with file://.
    private static string? WhatIsWrongWith(ListRootsResult result)
    {
        var odd = result.Roots.Select((root, at) => (root.Uri, at))
            .FirstOrDefault(root => !root.Uri.StartsWith("file://", StringComparison.Ordinal));
        return odd.Uri is null ? null : $"/roots/{odd.at}/uri: expected an address that begins with file://, received \"{odd.Uri}\"";
    }

    private static string Shown(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        _ => answer.GetRawText(),
    };
}
