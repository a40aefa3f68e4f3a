using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OnlyMcp.Protocol.Transport;

/// <summary>Finds the parameters of a tool that are mirrored into HTTP headers: those whose schema says <c>x-mcp-header</c>.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Schema Extension</remarks>
public static class ParameterHeaders
{
    /// <summary>The annotation in a parameter's schema; its value is the header's name without <c>Mcp-Param-</c>.</summary>
    public const string Annotation = "x-mcp-header";

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly FrozenSet<string> OneSchema = FrozenSet.Create(
        StringComparer.Ordinal,
        "items", "additionalItems", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "contains", "propertyNames",
        "contentSchema", "not", "if", "then", "else");

    private static readonly FrozenSet<string> SchemasByName = FrozenSet.Create(
        StringComparer.Ordinal, "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");

    private static readonly FrozenSet<string> ListOfSchemas = FrozenSet.Create(
        StringComparer.Ordinal, "items", "prefixItems", "allOf", "anyOf", "oneOf");

    /// <summary>Reads the annotations of an input schema.</summary>
    /// <param name="inputSchema">The tool's schema; it must not nest deeper than a message may.</param>
    /// <param name="headers">The mirrored parameters; empty for most tools.</param>
    /// <param name="problem">What is wrong with an annotation, in a sentence.</param>
    /// <returns>Whether all annotations are as they must be.</returns>
    public static bool TryParse(
        JsonElement inputSchema, out IReadOnlyList<ParameterHeader> headers, [NotNullWhen(false)] out string? problem)
    {
        var found = new List<ParameterHeader>();
        problem = WhatIsWrong(inputSchema, [], found);
        headers = problem is null ? found : [];
        return problem is null;
    }

    /// <summary>Whether this can be the name of an HTTP header: MUST: a token, which is not empty and holds no space, colon or control character.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenCharacters);
    }

    /// <param name="schema">A schema within the tool's.</param>
    /// <param name="path">The members that lead to it; null where something other than <c>properties</c> does.</param>
    /// <param name="found">Takes what is as it must be.</param>
    private static string? WhatIsWrong(JsonElement schema, IReadOnlyList<string>? path, List<ParameterHeader> found)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return null;

        var problem = schema.TryGetProperty(Annotation, out var annotation) ? WhatIsWrongWith(annotation, schema, path, found) : null;
        foreach (var keyword in schema.EnumerateObject())
            problem ??= WhatIsWrongBelow(keyword.Name, keyword.Value, path, found);
        return problem;
    }

    private static string? WhatIsWrongBelow(string keyword, JsonElement value, IReadOnlyList<string>? path, List<ParameterHeader> found)
    {
        string? problem = null;
        if (value.ValueKind == JsonValueKind.Object && (keyword == "properties" || SchemasByName.Contains(keyword)))
        {
            // MUST: only a chain of `properties` leads to a parameter whose place in the arguments is certain.
            foreach (var member in value.EnumerateObject())
                problem ??= WhatIsWrong(member.Value, keyword == "properties" && path is not null ? [.. path, member.Name] : null, found);
        }
        else if (value.ValueKind == JsonValueKind.Array && ListOfSchemas.Contains(keyword))
        {
            foreach (var element in value.EnumerateArray())
                problem ??= WhatIsWrong(element, null, found);
        }
        else if (OneSchema.Contains(keyword))
        {
            problem = WhatIsWrong(value, null, found);
        }

        return problem;
    }

    private static string? WhatIsWrongWith(
        JsonElement annotation, JsonElement schema, IReadOnlyList<string>? path, List<ParameterHeader> found)
    {
        if (annotation.ValueKind != JsonValueKind.String || annotation.GetString() is not { } name)
            return $"{Annotation} is {annotation.GetRawText()}; it is a header's name, a string.";
        if (path is null or [])
            return $"{Annotation} '{name}' stands where no chain of 'properties' leads from the schema's root.";
        if (!IsName(name))
            return $"{Annotation} of '{string.Join('.', path)}' is {annotation.GetRawText()}, which is no name of an HTTP header.";
        if (!IsPrimitive(schema))
            return $"{Annotation} stands at '{string.Join('.', path)}', whose type is not string, integer or boolean.";

        var header = new ParameterHeader(name, path);
        if (found.Exists(other => string.Equals(other.Name, header.Name, StringComparison.OrdinalIgnoreCase)))
            return $"{Annotation} '{name}' stands twice; header names differ in more than case.";

        found.Add(header);
        return null;
    }

    /// <summary>Choice: a parameter that may also be null counts, since the specification says what its header is then: none.</summary>
    private static bool IsPrimitive(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return false;
        if (type.ValueKind != JsonValueKind.Array)
            return IsPrimitiveName(type);

        var others = type.EnumerateArray().Where(name => !(name.ValueKind == JsonValueKind.String && name.ValueEquals("null"))).ToArray();
        return others is [var only] && IsPrimitiveName(only);
    }

    private static bool IsPrimitiveName(JsonElement type) =>
        type.ValueKind == JsonValueKind.String && type.GetString() is ("string" or "integer" or "boolean");
}
