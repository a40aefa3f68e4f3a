using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Authorization;

/// <summary>Reads scopes, which are one text with spaces, from the list as well in which some servers send them; writes the text.</summary>
/// <remarks>RFC 6749 §3.3.</remarks>
public sealed class ScopeTextConverter : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString()!;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException();

        var scopes = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            scopes.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException());
        return ScopeSet.Format(scopes);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
