using System.Text.Json;

namespace OnlyMcp.Protocol.Schema;

// Sits on the member, not on the type: what it reads, and writes, is the type's own.
internal sealed class ElicitSchemaConverter : OneOfConverter<ElicitSchema>
{
    public override ElicitSchema Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return LookAhead.Type(reader, "The schema of a form") == "object"
            ? Read<ElicitSchema>(ref reader, options)
            : throw new JsonException("The schema of a form has the type 'object'.");
    }
}
