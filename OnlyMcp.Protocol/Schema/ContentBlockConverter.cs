using System.Text.Json;

namespace OnlyMcp.Protocol.Schema;

// The content of tools and prompts. (SamplingContentConverter reads that of conversations with a model.)
internal sealed class ContentBlockConverter : OneOfConverter<ContentBlock>
{
    public override ContentBlock Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return LookAhead.Type(reader, "Content") switch
        {
            "text" => Read<TextContent>(ref reader, options),
            "image" => Read<ImageContent>(ref reader, options),
            "audio" => Read<AudioContent>(ref reader, options),
            "resource_link" => Read<ResourceLink>(ref reader, options),
            "resource" => Read<EmbeddedResource>(ref reader, options),
            string other => throw new JsonException(
                $"Unknown type of content: '{other}'. Known are text, image, audio, resource_link, resource."),
        };
    }
}
