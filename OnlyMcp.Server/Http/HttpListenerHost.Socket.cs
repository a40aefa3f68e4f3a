using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace OnlyMcp.Server.Http;

/// <summary>
/// The one place that reaches under HttpListener, for two things that its public members cannot do: send each event at once, and get
/// rid of a client that does not read. Both are optional: where the runtime looks different (on Windows it does), events may wait for
/// a round trip, and such a client holds one thread, which is not the pool's, until it leaves.
/// </summary>
internal sealed partial class HttpListenerHost
{
    private const string Connection = "System.Net.HttpConnection, System.Net.HttpListener";

    private static void SendAtOnce(HttpListenerContext context)
    {
        if (SocketOf(context) is { } socket)
            socket.NoDelay = true;
    }

    /// <summary>Ends an event stream. Abort alone would try to write its last bytes, and wait for a reader who does not read.</summary>
    private static void BreakOff(HttpListenerContext context)
    {
        SocketOf(context)?.Dispose();
        new Thread(Abort) { IsBackground = true, Name = "Ends an HTTP connection" }.Start(context);
    }

    private static void Abort(object? context)
    {
        try
        {
            ((HttpListenerContext)context!).Response.Abort();
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException or SocketException)
        {
            // It is over either way.
        }
    }

    private static Socket? SocketOf(HttpListenerContext context)
    {
        try
        {
            return SocketField(GetConnection(context));
        }
        catch (Exception fault) when (fault is MissingMemberException or TypeLoadException or NullReferenceException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connection")]
    [return: UnsafeAccessorType(Connection)]
    private static extern object GetConnection(HttpListenerContext context);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket? SocketField([UnsafeAccessorType(Connection)] object connection);
}
