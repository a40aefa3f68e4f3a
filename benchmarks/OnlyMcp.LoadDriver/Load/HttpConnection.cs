using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>One connection, kept alive as long as the server keeps it: sends a request and waits for its answer, at little cost.</summary>
internal sealed class HttpConnection(IPEndPoint server) : IDisposable
{
    private byte[] buffer = new byte[16 * 1024];
    private int received;
    private Socket? socket;

    public void Open()
    {
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        socket.Connect(server);
    }

    /// <summary>The message that answers, valid until the next exchange: the body, or what the last event of a stream says.</summary>
    /// <exception cref="InvalidDataException">The answer's status is no success.</exception>
    public ReadOnlySpan<byte> Exchange(ReadOnlySpan<byte> request) => Exchange(request, out _);

    /// <inheritdoc cref="Exchange(ReadOnlySpan{byte})"/>
    public ReadOnlySpan<byte> Exchange(ReadOnlySpan<byte> request, out ReadOnlySpan<byte> head)
    {
        // HttpListener ends a connection after a hundred requests or so; others are no different.
        if (socket is null)
            Open();
        socket!.Send(request);

        received = 0;
        var headLength = Find("\r\n\r\n"u8, 0);
        head = buffer.AsSpan(0, headLength);
        if (!head.StartsWith("HTTP/1.1 20"u8))
            throw new InvalidDataException(Encoding.UTF8.GetString(buffer, 0, received));

        var body = HttpHead.Value(head, "Content-Length"u8) is { IsEmpty: false } length
            ? Take(headLength + 4, int.Parse(length, CultureInfo.InvariantCulture))
            : TakeChunks(headLength + 4);
        if (HttpHead.Value(head, "Connection"u8).SequenceEqual("close"u8))
            Dispose();
        return HttpHead.Value(head, "Content-Type"u8).StartsWith("text/event-stream"u8) ? LastEvent(body) : body;
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    private ReadOnlySpan<byte> Take(int from, int length)
    {
        while (received < from + length)
            Receive();
        return buffer.AsSpan(from, length);
    }

    /// <summary>Moves the chunks together, where they lie.</summary>
    private ReadOnlySpan<byte> TakeChunks(int start)
    {
        int from = start, end = start;
        while (true)
        {
            var lineEnd = Find("\r\n"u8, from);
            if (!Utf8Parser.TryParse(buffer.AsSpan(from..lineEnd), out int length, out _, 'x'))
                throw new InvalidDataException("A chunk does not begin with its length.");
            var chunk = Take(lineEnd + 2, length + 2)[..length];
            if (length == 0)
                return buffer.AsSpan(start..end);

            chunk.CopyTo(buffer.AsSpan(end));
            end += length;
            from = lineEnd + 2 + length + 2;
        }
    }

    private static ReadOnlySpan<byte> LastEvent(ReadOnlySpan<byte> stream)
    {
        var data = stream[(stream.LastIndexOf("data: "u8) + "data: ".Length)..];
        return data[..data.IndexOf((byte)'\n')];
    }

    private int Find(ReadOnlySpan<byte> mark, int from)
    {
        int at;
        while ((at = buffer.AsSpan(from..Math.Max(from, received)).IndexOf(mark)) < 0)
            Receive();
        return from + at;
    }

    private void Receive()
    {
        if (received == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var count = socket!.Receive(buffer.AsSpan(received));
        received += count > 0 ? count : throw new EndOfStreamException("The server has closed the connection.");
    }
}
