using System.Text;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>
/// Finds in a request, by eye as it were, what an answer must hold, and writes that answer: right for the requests of the clients that are
/// measured, whose JSON has no space between its parts, and for no others.
/// </summary>
internal static class CannedAnswers
{
    private static ReadOnlySpan<byte> Stamp =>
        "\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"canned\",\"version\":\"1.0.0\"}}}}"u8;

    public static byte[] To(string request)
    {
        var answer = new byte[4096];
        return answer[..Write(Encoding.UTF8.GetBytes(request), answer)];
    }

    /// <summary>Writes the answer to a request; nothing, and zero, for what is no request.</summary>
    public static int Write(ReadOnlySpan<byte> request, Span<byte> answer)
    {
        var id = Behind(request, "\"id\":"u8, ",}"u8);
        if (id.IsEmpty)
            return 0;

        var output = new Output(answer);
        output.Put("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        output.Put(id);
        var method = Behind(request, "\"method\":\""u8, "\""u8);
        if (method.SequenceEqual("tools/call"u8))
        {
            output.Put(",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\""u8);
            output.Put(Behind(request, "\"text\":\""u8, "\""u8));
            output.Put("\"}],"u8);
            output.Put(Stamp);
        }
        else if (method.SequenceEqual("server/discover"u8))
        {
            output.Put(",\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},\"ttlMs\":0,\"cacheScope\":\"private\","u8);
            output.Put(Stamp);
        }
        else
        {
            output.Put(",\"error\":{\"code\":-32601,\"message\":\"This server says what it is told, and nothing else.\"}}"u8);
        }

        return output.Length;
    }

    private static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark, ReadOnlySpan<byte> ends)
    {
        var at = text.IndexOf(mark);
        if (at < 0)
            return default;

        var rest = text[(at + mark.Length)..];
        return rest[..rest.IndexOfAny(ends)];
    }

    private ref struct Output(Span<byte> space)
    {
        private readonly Span<byte> space = space;

        public int Length { get; private set; }

        public void Put(ReadOnlySpan<byte> part)
        {
            part.CopyTo(space[Length..]);
            Length += part.Length;
        }
    }
}
