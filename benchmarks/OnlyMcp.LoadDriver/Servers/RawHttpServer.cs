using System.Net;
using System.Net.Sockets;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>
/// The floor: an HttpListener that reads a body and answers bytes that it was given beforehand.
/// What it costs, every server on an HttpListener pays before it has done anything.
/// </summary>
internal static class RawHttpServer
{
    [ThreadStatic]
    private static byte[]? nowhere;

    public static async Task ServeAsync(SideChannel channel)
    {
        using var listener = Listen(out var address);
        await channel.SendAsync(address);
        var answer = Convert.FromBase64String(await channel.ReceiveAsync());
        await channel.SendAsync("ready");
        await await Task.WhenAny(AcceptAsync(listener, answer), channel.AnswerAsync());
    }

    private static async Task AcceptAsync(HttpListener listener, byte[] answer)
    {
        while (true)
        {
            var context = await listener.GetContextAsync();
            ThreadPool.UnsafeQueueUserWorkItem(Answer, (context, answer), preferLocal: false);
        }
    }

    private static void Answer((HttpListenerContext Context, byte[] Answer) work)
    {
        var (request, response) = (work.Context.Request, work.Context.Response);
        nowhere ??= new byte[4096];
        while (request.InputStream.Read(nowhere) > 0)
        {
        }

        response.ContentType = "application/json";
        response.ContentLength64 = work.Answer.Length;
        response.OutputStream.Write(work.Answer);
        response.Close();
    }

    internal static HttpListener Listen(out string address)
    {
        // HttpListener refuses port 0: a socket finds a port that is free.
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        var listener = new HttpListener { Prefixes = { address } };
        listener.Start();
        return listener;
    }
}
