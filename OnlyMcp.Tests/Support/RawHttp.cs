using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OnlyMcp.Tests.Support;

/// <summary>A TCP connection on which a test writes HTTP by hand.</summary>
internal sealed class RawHttp : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient client = new() { NoDelay = true };
    private readonly byte[] buffer = new byte[16 * 1024];
    private readonly MemoryStream unread = new();
    private NetworkStream stream = null!;

    public static async Task<RawHttp> ConnectAsync(Uri address, int? receiveBuffer = null)
    {
        var raw = new RawHttp();
        if (receiveBuffer is { } size)
            raw.client.ReceiveBufferSize = size;
        await raw.client.ConnectAsync(address.Host, address.Port);
        raw.stream = raw.client.GetStream();
        return raw;
    }

    public Task SendAsync(string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().WaitAsync(Patience);

    /// <summary>Sends a request whole: a Host, a length and what else is given, each header on its own line.</summary>
    public Task SendAsync(string line, string? body, params string[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        var head = new StringBuilder($"{line} HTTP/1.1\r\n");
        if (!headers.Any(header => header.StartsWith("Host:", StringComparison.Ordinal)))
            head.Append("Host: localhost\r\n");
        foreach (var header in headers)
            head.Append(header).Append("\r\n");
        if (body is not null)
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {bytes.Length}\r\n");
        head.Append("\r\n");
        return stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head.ToString()), .. bytes]).AsTask().WaitAsync(Patience);
    }

    public async Task<RawResponse> ReadAsync()
    {
        var head = await ReadHeadAsync();
        if (head.Headers.GetValueOrDefault("Transfer-Encoding") == "chunked")
            return head with { Body = await ReadChunksAsync() };

        var length = int.Parse(head.Headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        return head with { Body = Encoding.UTF8.GetString(await TakeAsync(length)) };
    }

    public async Task<RawResponse> ReadHeadAsync()
    {
        var lines = (await ReadThroughAsync("\r\n\r\n")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToLookup(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(pair => pair.Key, pair => pair.Last(), StringComparer.OrdinalIgnoreCase);
        return new RawResponse(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, "");
    }

    /// <summary>The next chunk of a body that comes in chunks; empty at its end.</summary>
    public async Task<string> ReadChunkAsync()
    {
        var size = int.Parse((await ReadThroughAsync("\r\n")).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var text = Encoding.UTF8.GetString(await TakeAsync(size));
        await ReadThroughAsync("\r\n");
        return text;
    }

    /// <summary>The next event that is no comment.</summary>
    public async Task<string> ReadEventAsync()
    {
        while (true)
        {
            var chunk = await ReadChunkAsync();
            if (!chunk.StartsWith(':'))
                return chunk;
        }
    }

    /// <summary>Whether the server closes the connection without another byte.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return unread.Length == unread.Position && await FillAsync() == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Leaves at once, without a good-bye.</summary>
    public void Reset()
    {
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
    }

    public void Dispose() => client.Dispose();

    private async Task<string> ReadChunksAsync()
    {
        var text = new StringBuilder();
        while (await ReadChunkAsync() is { Length: > 0 } chunk)
            text.Append(chunk);
        return text.ToString();
    }

    private async Task<string> ReadThroughAsync(string end)
    {
        var taken = new StringBuilder();
        while (!taken.ToString().EndsWith(end, StringComparison.Ordinal))
            taken.Append((char)(await TakeAsync(1))[0]);
        return taken.ToString();
    }

    private async Task<byte[]> TakeAsync(int count)
    {
        while (unread.Length - unread.Position < count)
        {
            if (await FillAsync() == 0)
                throw new EndOfStreamException("The server closed the connection.");
        }

        var taken = new byte[count];
        unread.ReadExactly(taken);
        return taken;
    }

    private async Task<int> FillAsync()
    {
        var count = await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
        var position = unread.Position;
        unread.Position = unread.Length;
        unread.Write(buffer, 0, count);
        unread.Position = position;
        return count;
    }
}

/// <param name="Status">The status code.</param>
/// <param name="Headers">By name, the last of each.</param>
/// <param name="Body">Without its coding.</param>
internal sealed record RawResponse(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
