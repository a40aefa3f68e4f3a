using System.Collections.Concurrent;
using System.Net;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>
/// The floor of held streams: an HttpListener that answers every request with a chunked response which stays open, and knows nothing of
/// it but its context. What it holds, every server on an HttpListener holds.
/// </summary>
internal static class RawStreamServer
{
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();
    private static readonly byte[] News =
        "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n"u8.ToArray();

    public static async Task ServeAsync(SideChannel channel)
    {
        using var listener = RawHttpServer.Listen(out var address);
        var held = new ConcurrentDictionary<HttpListenerContext, bool>();
        await channel.SendAsync(address);
        await await Task.WhenAny(AcceptAsync(listener, held), HeldServer.AnswerAsync(channel, new HeldServer.Commands
        {
            Change = () => Send(held, News),

            // A listener hears that a client has left when it writes to it.
            Sweep = () => Send(held, Comment),
            Held = () => held.Count,
        }));
    }

    private static async Task AcceptAsync(HttpListener listener, ConcurrentDictionary<HttpListenerContext, bool> held)
    {
        while (true)
        {
            var context = await listener.GetContextAsync();
            ThreadPool.UnsafeQueueUserWorkItem(_ => Hold(context, held), null);
        }
    }

    private static void Hold(HttpListenerContext context, ConcurrentDictionary<HttpListenerContext, bool> held)
    {
        var (request, response) = (context.Request, context.Response);
        var nowhere = new byte[1024];
        while (request.InputStream.Read(nowhere) > 0)
        {
        }

        response.ContentType = "text/event-stream";
        response.KeepAlive = false;
        response.SendChunked = true;
        response.OutputStream.Write(Comment);
        held[context] = true;
    }

    private static void Send(ConcurrentDictionary<HttpListenerContext, bool> held, byte[] bytes)
    {
        foreach (var (context, _) in held)
        {
            try
            {
                context.Response.OutputStream.Write(bytes);
            }
            catch (HttpListenerException)
            {
                held.TryRemove(context, out _);
                context.Response.Abort();
            }
        }
    }
}
