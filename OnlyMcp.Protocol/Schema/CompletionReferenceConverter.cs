using System.Text.Json;

namespace OnlyMcp.Protocol.Schema;

internal sealed class CompletionReferenceConverter : OneOfConverter<CompletionReference>
{
    public override CompletionReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return LookAhead.Type(reader, "The reference of a completion") switch
        {
            "ref/prompt" => Read<PromptReference>(ref reader, options),
            "ref/resource" => Read<ResourceTemplateReference>(ref reader, options),
            string other => throw new JsonException($"Unknown type of reference: '{other}'. Known are ref/prompt, ref/resource."),
        };
    }
}
