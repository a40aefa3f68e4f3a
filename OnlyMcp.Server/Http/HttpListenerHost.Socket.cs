using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OnlyMcp.Server.Http;

/// <summary>
/// The one place that reaches under HttpListener, for four things that its public members cannot do: send each event at once, give back
/// the memory that an open stream does not need, get rid of a client that does not read, and answer requests of foreign hosts ourselves.
/// All are optional: where the runtime looks different (on Windows it does), events may wait for a round trip, a stream takes eight
/// kilobytes more, such a client holds one thread, which is not the pool's, until it leaves, and foreign hosts are refused by the listener.
/// </summary>
internal sealed partial class HttpListenerHost
{
    private const string Connection = "System.Net.HttpConnection, System.Net.HttpListener";
    private const string EndPointManager = "System.Net.HttpEndPointManager, System.Net.HttpListener";
    private const string EndPoint = "System.Net.HttpEndPointListener, System.Net.HttpListener";
    private const string ListenerPrefix = "System.Net.ListenerPrefix, System.Net.HttpListener";

    /// <summary>What a socket keeps of its last read, for the next one.</summary>
    private static readonly FieldInfo? LastRead =
        typeof(Socket).GetField("_singleBufferReceiveEventArgs", BindingFlags.NonPublic | BindingFlags.Instance);

    /// <summary>Has what is written from now on leave without waiting for the client's word that it has what left before; false if that cannot be.</summary>
    private static bool SendAtOnce(HttpListenerContext context)
    {
        if (SocketOf(context) is not { } socket)
            return false;

        socket.NoDelay = true;
        return true;
    }

    /// <summary>
    /// Gives back what the connection has read into, more than half of all that an idle stream holds: it reads no other request, for it
    /// ends with its stream. (Where it did, it would take new room by itself.)
    /// </summary>
    private static void ReadsNoMore(HttpListenerContext context)
    {
        try
        {
            var connection = GetConnection(context);
            BufferField(connection) = null;
            if (SocketField(connection) is { } socket)
                LastRead?.SetValue(socket, null);
        }
        catch (Exception fault) when (fault is MissingMemberException or TypeLoadException or NullReferenceException)
        {
            // Then it is kept.
        }
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

    /// <summary>
    /// Has requests of every host that reach this socket come to us. The listener itself answers those that no prefix names with 404,
    /// keeps the connection, and then sends a 200 that nobody asked for: the next request on it would take that for its answer.
    /// </summary>
    /// <returns>Takes it back; must be called, or the socket stays open.</returns>
    private static Action? TakeEveryHost(HttpListener listener, HttpPrefix prefix, int port)
    {
        try
        {
            if (prefix.IsWildcard || EndPoints() is not { } table)
                return null;

            var every = NewPrefix($"http://*:{port}/");
            lock (table)
            {
                var endPoint = GetEndPoint(null, prefix.Host, port, listener, secure: false);
                AddPrefix(endPoint, every, listener);
                return () => TakeBack(table, endPoint, every);
            }
        }
        catch (Exception fault) when (fault is MissingMemberException or TypeLoadException or NullReferenceException or HttpListenerException)
        {
            return null;
        }
    }

    private static void TakeBack(object table, object endPoint, object every)
    {
        lock (table)
            RemovePrefix(endPoint, every);
    }

    /// <summary>What the listeners of a process share, and lock while they change it.</summary>
    private static object? EndPoints() =>
        Type.GetType(EndPointManager)?.GetField("s_ipEndPoints", BindingFlags.NonPublic | BindingFlags.Static)?.GetValue(null);

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

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "GetEPListener")]
    [return: UnsafeAccessorType(EndPoint)]
    private static extern object GetEndPoint(
        [UnsafeAccessorType(EndPointManager)] object? manager, string host, int port, HttpListener listener, bool secure);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(ListenerPrefix)]
    private static extern object NewPrefix(string prefix);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "AddPrefix")]
    private static extern void AddPrefix(
        [UnsafeAccessorType(EndPoint)] object endPoint, [UnsafeAccessorType(ListenerPrefix)] object prefix, HttpListener listener);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "RemovePrefix")]
    private static extern void RemovePrefix(
        [UnsafeAccessorType(EndPoint)] object endPoint, [UnsafeAccessorType(ListenerPrefix)] object prefix);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connection")]
    [return: UnsafeAccessorType(Connection)]
    private static extern object GetConnection(HttpListenerContext context);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket? SocketField([UnsafeAccessorType(Connection)] object connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_buffer")]
    private static extern ref byte[]? BufferField([UnsafeAccessorType(Connection)] object connection);
}
