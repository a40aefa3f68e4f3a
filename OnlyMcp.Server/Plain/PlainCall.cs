using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Features;

namespace OnlyMcp.Server.Plain;

/// <summary>The parameters of <c>tools/call</c>, read by hand as far as they are plain: a name and arguments.</summary>
internal static class PlainCall
{
    /// <summary>Nothing that is long should be read twice.</summary>
    private const int MostBytes = RequestParameters.MostCopied;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The parameters; null for the contract to read.</summary>
    public static CallToolRequestParams? Read(JsonRpcRequest request)
    {
        if (request.Params.Value is not null)
            return null;

        var utf8 = request.Params.ToUtf8().Span;
        var reader = new Utf8JsonReader(utf8);
        if (utf8.IsEmpty || utf8.Length > MostBytes || !PlainReader.TryEnter(ref reader))
            return null;

        string? name = null;
        JsonElement? arguments = null;
        while (PlainReader.ReadName(ref reader) && !IsLast(request.Meta.Span, utf8, ref reader))
        {
            var isPlain = reader.ValueTextEquals("name"u8) ? PlainReader.TryReadText(ref reader, ref name)
                : reader.ValueTextEquals("arguments"u8) ? TryReadArguments(ref reader, utf8, ref arguments)
                : PlainReader.TryPassMetadata(ref reader);
            if (!isPlain)
                return null;
        }

        return name is null ? null : new CallToolRequestParams { Name = name, Arguments = arguments };
    }

    /// <summary>Whether nothing is left but the metadata, whose end is known: it is longer than all the rest of most calls.</summary>
    private static bool IsLast(ReadOnlySpan<byte> meta, ReadOnlySpan<byte> utf8, ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("_meta"u8) && utf8.Overlaps(meta, out var start)
        && utf8[(start + meta.Length)..].Trim(" \t\r\n"u8) is [(byte)'}'];

    private static bool TryReadArguments(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ref JsonElement? arguments)
    {
        if (arguments is not null || !PlainReader.TryEnter(ref reader))
            return false;

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        try
        {
            arguments = JsonElement.Parse(utf8[start..(int)reader.BytesConsumed], Strict);
            return true;
        }
        catch (JsonException)
        {
            return false; // A member stands twice: the contract says where.
        }
    }
}
