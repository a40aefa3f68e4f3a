using System.Text.Json;

namespace OnlyMcp.Protocol.Schema;

internal sealed class ElicitRequestParamsConverter : OneOfConverter<ElicitRequestParams>
{
    public override ElicitRequestParams Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return FindMode(reader) switch
        {
            ElicitModes.Form => Read<ElicitRequestFormParams>(ref reader, options),
            ElicitModes.Url => Read<ElicitRequestUrlParams>(ref reader, options),
            string other => throw new JsonException($"Unknown mode of elicitation: '{other}'. Known are form, url."),
        };
    }

    private static string FindMode(Utf8JsonReader ahead)
    {
        if (ahead.TokenType != JsonTokenType.StartObject) throw new JsonException("The parameters of an elicitation are an object.");

        // MUST: a question without a mode asks for a form.
        if (!LookAhead.TryFind(ref ahead, "mode"u8)) return ElicitModes.Form;
        return ahead.TokenType == JsonTokenType.String
            ? ahead.GetString()!
            : throw new JsonException("The 'mode' of an elicitation is a string.");
    }
}
