using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Plain;

/// <summary>The metadata of a request, read by hand as far as it is plain.</summary>
internal static class PlainMetadata
{
    /// <summary>The metadata; null for the contract to read.</summary>
    public static RequestMeta? Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        if (!PlainReader.TryEnter(ref reader))
            return null;

        string? version = null;
        Implementation? client = null;
        ClientCapabilities? capabilities = null;
        ProgressToken? token = null;
        while (PlainReader.ReadName(ref reader))
        {
            var isPlain = reader.ValueTextEquals(MetaKeys.ProtocolVersion) ? PlainReader.TryReadText(ref reader, ref version)
                : reader.ValueTextEquals(MetaKeys.ClientInfo) ? PlainClient.TryReadInfo(ref reader, ref client)
                : reader.ValueTextEquals(MetaKeys.ClientCapabilities) ? PlainClient.TryReadCapabilities(ref reader, ref capabilities)
                : reader.ValueTextEquals(MetaKeys.ProgressToken) && TryReadToken(ref reader, ref token);
            if (!isPlain)
                return null;
        }

        return new RequestMeta { ProtocolVersion = version, ClientInfo = client, ClientCapabilities = capabilities, ProgressToken = token };
    }

    private static bool TryReadToken(ref Utf8JsonReader reader, ref ProgressToken? token)
    {
        if (token is not null || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number))
            return false;

        token = number;
        return true;
    }
}
