using System.Text.Json;

namespace OnlyMcp.Server.Plain;

/// <summary>What every result carries in its metadata, with its bytes beside it: not changed once it was written.</summary>
internal sealed class WrittenElements : Dictionary<string, JsonElement>
{
    private byte[]? utf8;

    public ReadOnlySpan<byte> Utf8 => utf8 ??= PlainWriter.ToUtf8(writer => PlainWriter.WriteElements(writer, this));
}
