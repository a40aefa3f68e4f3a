using System.Text.Json;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Inputs;

/// <summary>The form that a server asks its user to fill in: completes what was filled in, and checks it before it leaves.</summary>
/// <remarks>
/// Spec: 2026-07-28 client/elicitation §Requested Schema
/// Spec: 2026-07-28 client/elicitation §Form Mode Security
/// </remarks>
internal sealed class FormAnswer
{
    private static readonly JsonSchemaOptions Formats = new() { AssertFormats = true };

    private readonly JsonElement fields;
    private readonly JsonSchema schema;

    /// <exception cref="BadInputRequestException">The form's schema makes no sense.</exception>
    public FormAnswer(JsonElement requestedSchema)
    {
        fields = requestedSchema.GetProperty("properties");
        try
        {
            schema = JsonSchema.Parse(requestedSchema, Formats);
        }
        catch (JsonSchemaException fault)
        {
            throw new BadInputRequestException($"The requested schema cannot be used: {fault.Message}", fault);
        }
    }

    /// <summary>The answer as it may be sent.</summary>
    /// <exception cref="InvalidOperationException">The handler accepted with values that the form does not allow.</exception>
    public ElicitResult Complete(ElicitResult answer)
    {
        if (answer.Action != ElicitAction.Accept)
            return answer with { Content = null };

        var content = Filled(answer.Content ?? new Dictionary<string, JsonElement>());

        // SHOULD: a form is checked before it leaves.
        var element = JsonSerializer.SerializeToElement<IReadOnlyDictionary<string, JsonElement>>(
            content, McpJson.Wire.IReadOnlyDictionaryStringJsonElement);
        if (schema.Validate(element) is { Count: > 0 } errors)
            throw new InvalidOperationException($"OnElicit accepted with what the form does not allow: {string.Join("; ", errors)}");

        return answer with { Content = content };
    }

    /// <summary>Choice: a field that the handler says nothing of has its default; one that it set to null was left empty.</summary>
    private Dictionary<string, JsonElement> Filled(IReadOnlyDictionary<string, JsonElement> given)
    {
        if (given.Keys.FirstOrDefault(name => !fields.TryGetProperty(name, out _)) is { } unknown)
            throw new InvalidOperationException($"OnElicit accepted with '{unknown}', which is no field of the form.");

        var content = given.Where(field => field.Value.ValueKind != JsonValueKind.Null).ToDictionary();
        foreach (var field in fields.EnumerateObject())
        {
            if (!given.ContainsKey(field.Name) && field.Value.TryGetProperty("default", out var standard))
                content[field.Name] = standard;
        }

        return content;
    }
}
