using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>Event streams that a server holds open for as many clients, each on a connection of its own.</summary>
internal sealed class HeldStreams : IDisposable
{
    /// <summary>How many connect at the same time: a listener lets five hundred wait, and has the others try again after a second.</summary>
    private const int AtOnce = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly byte[] News = "list_changed\""u8.ToArray();

    private readonly HeldStream[] streams;
    private long lastNews;
    private int told;
    private int ended;

    private HeldStreams(int count) => streams = new HeldStream[count];

    /// <summary>Opens so many; each counts as open once its first bytes have come.</summary>
    /// <param name="server">Where to connect.</param>
    /// <param name="count">How many.</param>
    /// <param name="opening">Makes the request that opens the stream of that number, over a connection for what comes before it.</param>
    public static HeldStreams Open(IPEndPoint server, int count, Func<HttpConnection, int, byte[]> opening)
    {
        var held = new HeldStreams(count);
        var next = -1;
        Exception? fault = null;
        var threads = Enumerable.Range(0, AtOnce).Select(_ => new Thread(OpenSome)).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return fault is null ? held : throw fault;

        void OpenSome()
        {
            try
            {
                using var before = new HttpConnection(server);
                while (Interlocked.Increment(ref next) is var number && number < count && Volatile.Read(ref fault) is null)
                    held.streams[number] = new HeldStream(held, server, opening(before, number));
            }
            catch (Exception caught)
            {
                fault = caught;
            }
        }
    }

    /// <summary>Has the server change what all are told of; milliseconds until the last has heard of it.</summary>
    public async Task<double> TellAsync(ServerProcess server)
    {
        Volatile.Write(ref told, 0);
        var start = Stopwatch.GetTimestamp();
        await server.SendAsync(HeldServer.Change);
        await server.ReceiveAsync();
        while (Volatile.Read(ref told) < streams.Length)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new InvalidDataException($"After {Patience.TotalSeconds:0} seconds {streams.Length - told} of {streams.Length} clients have not been told of a change; {ended} streams have ended.");
            await Task.Delay(1);
        }

        return Stopwatch.GetElapsedTime(start, Volatile.Read(ref lastNews)).TotalMilliseconds;
    }

    public void Dispose()
    {
        foreach (var stream in streams)
            stream?.Dispose();
    }

    private sealed class HeldStream : IDisposable
    {
        private const int Overlap = 16;

        private readonly HeldStreams all;
        private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] buffer = new byte[1024];

        public HeldStream(HeldStreams all, IPEndPoint server, byte[] request)
        {
            this.all = all;
            socket.Connect(server);
            socket.Send(request);
            var head = Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
            if (!head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
                throw new InvalidDataException($"The server opened no stream: {head}");
            _ = ReadAsync();
        }

        public void Dispose() => socket.Dispose();

        private async Task ReadAsync()
        {
            try
            {
                int filled = 0, count;
                while ((count = await socket.ReceiveAsync(buffer.AsMemory(filled))) > 0)
                {
                    filled += count;
                    if (buffer.AsSpan(0, filled).IndexOf(News) is >= 0 and var at)
                    {
                        Volatile.Write(ref all.lastNews, Stopwatch.GetTimestamp());
                        Interlocked.Increment(ref all.told);
                        filled = Keep(at + News.Length, filled);
                    }
                    else
                    {
                        filled = Keep(Math.Max(0, filled - Overlap), filled);
                    }
                }
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                // It is over either way.
            }

            Interlocked.Increment(ref all.ended);
        }

        /// <summary>News may come in two pieces.</summary>
        private int Keep(int from, int to)
        {
            buffer.AsSpan(from..to).CopyTo(buffer);
            return to - from;
        }
    }
}
