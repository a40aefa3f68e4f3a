using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>Reads the event stream that answers one call, event by event, as fast as it comes.</summary>
internal static class EventAnswer
{
    /// <summary>Sends the call; the data of all events, the response last.</summary>
    public static IReadOnlyList<string> Read(IPEndPoint server, byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000 };
        socket.Connect(server);
        socket.Send(request);
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = socket.Receive(buffer)) > 0;)
            all.Write(buffer, 0, count);

        // Each event is a chunk of its own, so that no line of one is ever cut.
        var text = Encoding.UTF8.GetString(all.GetBuffer(), 0, (int)all.Length);
        return [.. text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line["data: ".Length..])];
    }
}
