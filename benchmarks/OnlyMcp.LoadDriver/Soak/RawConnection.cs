using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OnlyMcp.LoadDriver.Soak;

/// <summary>A connection on which anything may be sent, and which may be dropped at any time.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = (int)Patience.TotalMilliseconds };
    private readonly byte[] buffer = new byte[16 * 1024];
    private string unread = "";

    public RawConnection(IPEndPoint server) => socket.Connect(server);

    public void Send(ReadOnlySpan<byte> bytes) => socket.Send(bytes);

    /// <summary>Reads until this has come; all that came before it.</summary>
    public string ReadUntil(string text)
    {
        var start = Stopwatch.GetTimestamp();
        int at;
        while ((at = unread.IndexOf(text, StringComparison.Ordinal)) < 0)
        {
            var count = socket.Receive(buffer);
            if (count == 0 || Stopwatch.GetElapsedTime(start) > Patience)
                throw new EndOfStreamException($"The server did not say '{text}'. The last it said: {unread[Math.Max(0, unread.Length - 200)..]}");
            unread += Encoding.UTF8.GetString(buffer, 0, count);
        }

        var before = unread[..at];
        unread = unread[(at + text.Length)..];
        return before;
    }

    public void Dispose() => socket.Dispose();
}
