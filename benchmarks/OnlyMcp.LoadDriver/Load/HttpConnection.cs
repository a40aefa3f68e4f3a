using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>One connection, kept alive as long as the server keeps it: sends a request and waits for its answer, as cheaply as can be.</summary>
internal sealed class HttpConnection(IPEndPoint server) : IDisposable
{
    private readonly byte[] buffer = new byte[16 * 1024];
    private Socket? socket;

    public void Open()
    {
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
    }

    /// <summary>The body of the answer, valid until the next exchange; empty if the call took so long that its answer became a stream.</summary>
    /// <exception cref="InvalidDataException">The answer's status is no success.</exception>
    public ReadOnlySpan<byte> Exchange(ReadOnlySpan<byte> request) => Exchange(request, out _);

    /// <inheritdoc cref="Exchange(ReadOnlySpan{byte})"/>
    public ReadOnlySpan<byte> Exchange(ReadOnlySpan<byte> request, out ReadOnlySpan<byte> head)
    {
        // HttpListener ends a connection after a hundred requests or so; others are no different.
        if (socket is null)
            Open();
        socket!.Send(request);

        int received = 0, headLength;
        do
            received += Receive(received);
        while ((headLength = buffer.AsSpan(0, received).IndexOf("\r\n\r\n"u8)) < 0);

        head = buffer.AsSpan(0, headLength);
        if (!head.StartsWith("HTTP/1.1 20"u8))
            throw new InvalidDataException(Encoding.UTF8.GetString(buffer, 0, received));

        if (head.IndexOf("text/event-stream"u8) >= 0)
            return ReadAway();

        var end = headLength + 4 + ContentLength(head);
        while (received < end)
            received += Receive(received);
        if (head.IndexOf("Connection: close"u8) >= 0)
            Dispose();
        return buffer.AsSpan((headLength + 4)..end);
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    /// <summary>A stream ends with its connection.</summary>
    private ReadOnlySpan<byte> ReadAway()
    {
        var rest = new byte[1024];
        while (socket!.Receive(rest) > 0)
        {
        }

        Dispose();
        return [];
    }

    private int Receive(int from) =>
        socket!.Receive(buffer.AsSpan(from)) is > 0 and var count ? count : throw new EndOfStreamException("The server has closed the connection.");

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var digits = head[(head.IndexOf(name) + name.Length)..];
        var end = digits.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture);
    }
}
