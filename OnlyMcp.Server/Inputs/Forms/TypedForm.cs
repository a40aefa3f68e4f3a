using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Inputs.Forms;

/// <summary>A form made from a type: the schema that a client is sent, and all that the type itself asks of an answer.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class TypedForm<T>
{
    // The options hold the cache of type metadata, and so the form belongs to them.
    private static readonly ConditionalWeakTable<JsonSerializerOptions, TypedForm<T>> Forms = [];

    private readonly JsonTypeInfo<T> typeInfo;
    private readonly JsonSchema whole;

    private TypedForm(JsonSerializerOptions options)
    {
        typeInfo = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        Schema = FormSchema.Of(typeInfo, out var strict);
        whole = JsonSchema.Parse(strict);
    }

    /// <summary>What a form has words for.</summary>
    public ElicitSchema Schema { get; }

    /// <exception cref="ArgumentException">A member has no place in a form.</exception>
    public static TypedForm<T> Of(JsonSerializerOptions? given) =>
        Forms.GetValue(BindingOptions.ForArguments(given), options => new TypedForm<T>(options));

    /// <summary>What is wrong beyond the form's own schema: a pattern or a step, for which forms have no word.</summary>
    public string? WhatIsWrongWith(JsonElement answer)
    {
        if (!TypedForm.IsAccepted(answer))
            return null;

        var errors = whole.Validate(InputAnswer.ContentOf(answer));
        return errors.Count > 0
            ? string.Join("; ", errors.Select(error => error with { Path = "/content" + error.Path }))
            : TypedForm.CheckOf(typeInfo)(answer);
    }

    public T Read(JsonElement content) => content.Deserialize(typeInfo)!;
}

/// <summary>Forms whose types say what cannot be read.</summary>
internal static class TypedForm
{
    public static bool IsAccepted(JsonElement answer) =>
        InputAnswer.Read(answer, McpJson.Wire.ElicitResult).Action == ElicitAction.Accept;

    /// <summary>Says why an accepted form is no value of the type; null if it is one.</summary>
    public static Func<JsonElement, string?> CheckOf<T>(JsonTypeInfo<T> typeInfo) => answer =>
    {
        if (!IsAccepted(answer))
            return null;

        try
        {
            return InputAnswer.ContentOf(answer).Deserialize(typeInfo) is null ? "/content: expected an object, received null" : null;
        }
        catch (JsonException fault)
        {
            return BindingFailure.Explain(fault, InputAnswer.ContentOf(answer)) is var wrong
                ? $"/content{wrong.Path}: expected {wrong.Expected}, received {wrong.Received}"
                : null;
        }
    };
}
