using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>Messages as a person reads them on a terminal.</summary>
internal static class WireText
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>What the message is, and where the specification says so: <c>tools/call (server/tools §Calling Tools)</c>.</summary>
    public static string Heading(JsonRpcMessage message, string? answered) => message switch
    {
        JsonRpcRequest request => Of(request.Method),
        JsonRpcNotification notification => Of(notification.Method),
        JsonRpcResultResponse => answered is null ? "result (basic §Result Responses)" : ResultOf(answered, message),
        _ => answered is null ? "error (basic §Error Responses)" : $"error of {Of(answered)}",
    };

    /// <summary>The message's JSON on several lines.</summary>
    public static string Pretty(ReadOnlyMemory<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var document = JsonDocument.Parse(json, AnyDepth))
        using (var writer = new Utf8JsonWriter(buffer, Indented))
            document.WriteTo(writer);
        return Escape(Encoding.UTF8.GetString(buffer.WrittenSpan), keepLineBreaks: true);
    }

    /// <summary>Bytes that may be no text.</summary>
    public static string Raw(ReadOnlySpan<byte> bytes) => Escape(Encoding.UTF8.GetString(bytes));

    /// <summary>
    /// Writes out what a terminal would obey or hide instead of showing: control characters with the escape sequences that they begin,
    /// marks that turn the direction of text, characters without width, lone surrogates.
    /// </summary>
    public static string Escape(string text, bool keepLineBreaks = false)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsShown(rune) || (keepLineBreaks && rune.Value == '\n'))
                shown.Append(rune);
            else if (!(keepLineBreaks && rune.Value == '\r'))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        }

        return shown.ToString();
    }

    private static string ResultOf(string method, JsonRpcMessage response)
    {
        using var document = JsonDocument.Parse(JsonRpcWriter.ToBytes(response), AnyDepth);
        var type = document.RootElement.GetProperty("result") is { ValueKind: JsonValueKind.Object } result
            && result.TryGetProperty("resultType", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        return WirePages.FindResult(type) is { } page ? $"{type} of {Escape(method)} ({page})" : $"result of {Of(method)}";
    }

    private static string Of(string method)
    {
        var name = Escape(method);
        return WirePages.Find(method) is { } page ? $"{name} ({page})" : name;
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
