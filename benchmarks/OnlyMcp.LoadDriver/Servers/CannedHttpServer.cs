using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>
/// What clients are measured against: a socket with a thread for each connection that answers as cheaply as can be, so that the client
/// alone decides how fast it goes.
/// </summary>
internal static class CannedHttpServer
{
    private const int Most = 64 * 1024;

    public static async Task ServeAsync(SideChannel channel)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1024);
        await channel.SendAsync($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}/mcp");
        await await Task.WhenAny(AcceptAsync(listener), channel.AnswerAsync());
    }

    private static async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            var connection = await listener.AcceptAsync();
            new Thread(() => Serve(connection), maxStackSize: 256 * 1024) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket connection)
    {
        using var _ = connection;
        connection.NoDelay = true;
        var received = new byte[Most];
        var answer = new byte[Most];
        var filled = 0;
        try
        {
            while (true)
            {
                int length;
                while ((length = Answer(received.AsSpan(0, filled), connection, answer)) == 0)
                {
                    if (connection.Receive(received.AsSpan(filled)) is not (> 0 and var count))
                        return;
                    filled += count;
                }

                received.AsSpan(length, filled - length).CopyTo(received);
                filled -= length;
            }
        }
        catch (SocketException)
        {
            // The client is gone: so is the connection.
        }
    }

    /// <summary>Answers the request at the beginning of the bytes and says how long it was; 0 if it is not there as a whole.</summary>
    private static int Answer(Span<byte> bytes, Socket connection, byte[] answer)
    {
        var headLength = bytes.IndexOf("\r\n\r\n"u8) + 4;
        if (headLength < 4)
            return 0;

        var head = bytes[..headLength];
        if (!TryReadBody(bytes[headLength..], head, out var body, out var length))
            return 0;

        connection.Send(answer.AsSpan(0, head.StartsWith("POST "u8) ? Write(body, answer) : WriteStatus("405 Method Not Allowed"u8, answer)));
        return headLength + length;
    }

    /// <summary>Takes the body as its head says: with a length, in chunks, or none.</summary>
    private static bool TryReadBody(Span<byte> rest, ReadOnlySpan<byte> head, out ReadOnlySpan<byte> body, out int length)
    {
        body = default;
        length = 0;
        if (head.IndexOf("Transfer-Encoding: chunked"u8) >= 0)
            return TryReadChunks(rest, out body, out length);

        var name = "Content-Length: "u8;
        if (head.IndexOf(name) is >= 0 and var at && !Utf8Parser.TryParse(head[(at + name.Length)..], out length, out _))
            throw new InvalidDataException("A body's length is no number.");
        if (rest.Length < length)
            return false;

        body = rest[..length];
        return true;
    }

    /// <summary>Moves the chunks together at the front.</summary>
    private static bool TryReadChunks(Span<byte> rest, out ReadOnlySpan<byte> body, out int length)
    {
        body = default;
        length = 0;
        var chunks = rest;
        if (chunks.IndexOf("\r\n0\r\n\r\n"u8) < 0)
            return false;

        var written = 0;
        while (Utf8Parser.TryParse(chunks[length..], out int size, out var digits, 'x'))
        {
            var from = length + digits + 2;
            length = from + size + 2;
            if (size == 0)
                break;
            chunks.Slice(from, size).CopyTo(rest[written..]);
            written += size;
        }

        body = rest[..written];
        return true;
    }

    private static int Write(ReadOnlySpan<byte> request, byte[] answer)
    {
        // The length has four digits, which may begin with noughts: the body can stand where it belongs before its length is known.
        var head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 0000\r\n\r\n"u8;
        var length = CannedAnswers.Write(request, answer.AsSpan(head.Length));
        if (length == 0)
            return WriteStatus("202 Accepted"u8, answer);

        head.CopyTo(answer);
        Utf8Formatter.TryFormat(length, answer.AsSpan(head.Length - 8), out _, new StandardFormat('D', 4));
        return head.Length + length;
    }

    private static int WriteStatus(ReadOnlySpan<byte> status, Span<byte> answer)
    {
        var length = 0;
        foreach (var part in new[] { "HTTP/1.1 ", Encoding.ASCII.GetString(status), "\r\nContent-Length: 0\r\n\r\n" })
            length += Encoding.ASCII.GetBytes(part, answer[length..]);
        return length;
    }
}
