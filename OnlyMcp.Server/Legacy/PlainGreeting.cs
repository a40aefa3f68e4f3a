using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Server.Plain;

namespace OnlyMcp.Server.Legacy;

/// <summary><c>initialize</c>: its parameters read by hand as far as they are plain, its answer written by hand.</summary>
internal sealed class PlainGreeting : PlainWriter<InitializeResult>
{
    public static readonly PlainGreeting Instance = new();

    /// <summary>The parameters; null for the contract to read.</summary>
    public static InitializeRequestParams? Read(JsonBody parameters)
    {
        if (parameters.Value is not null || parameters.IsAbsent)
            return null;

        var reader = new Utf8JsonReader(parameters.ToUtf8().Span);
        if (!PlainReader.TryEnter(ref reader))
            return null;

        string? version = null;
        Implementation? client = null;
        ClientCapabilities? capabilities = null;
        while (PlainReader.ReadName(ref reader))
        {
            var isPlain = reader.ValueTextEquals("protocolVersion"u8) ? PlainReader.TryReadText(ref reader, ref version)
                : reader.ValueTextEquals("clientInfo"u8) ? PlainClient.TryReadInfo(ref reader, ref client)
                : reader.ValueTextEquals("capabilities"u8) ? PlainClient.TryReadCapabilities(ref reader, ref capabilities)
                : PlainReader.TryPassMetadata(ref reader);
            if (!isPlain)
                return null;
        }

        return version is null || client is null || capabilities is null
            ? null
            : new InitializeRequestParams { ProtocolVersion = version, Capabilities = capabilities, ClientInfo = client };
    }

    public override void Write(Utf8JsonWriter writer, InitializeResult value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("protocolVersion", value.ProtocolVersion);
        PlainCapabilities.Write(writer, value.Capabilities);
        writer.WritePropertyName("serverInfo");
        PlainWriter.WriteInfo(writer, value.ServerInfo);
        PlainWriter.WriteText(writer, "instructions", value.Instructions);
        WriteStamp(writer, value);
        writer.WriteEndObject();
    }
}
