using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Tests.Support;

/// <summary>The other end of a server's pipe, which sends bytes as they are and reads lines as they come: a real process, or two streams.</summary>
internal sealed class StdioPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process? process;
    private readonly LineReader output;
    private readonly LineReader? errors;

    /// <summary>Speaks over a duplex stream.</summary>
    public StdioPeer(Stream stream)
        : this(stream, stream)
    {
    }

    /// <summary>Speaks over a stream in each direction.</summary>
    public StdioPeer(Stream input, Stream output)
    {
        Input = input;
        this.output = new LineReader(output, 64 * 1024 * 1024);
    }

    private StdioPeer(Process process)
    {
        this.process = process;
        Input = process.StandardInput.BaseStream;
        output = new LineReader(process.StandardOutput.BaseStream, 64 * 1024 * 1024);
        errors = new LineReader(process.StandardError.BaseStream, 64 * 1024);
    }

    public int Id => process!.Id;

    public Stream Input { get; }

    /// <summary>What Linux calls the two pipes; both ends of a pipe have one name.</summary>
    public string?[] WirePipes =>
    [
        .. new[] { Input, process!.StandardOutput.BaseStream }
            .Select(stream => new FileInfo($"/proc/self/fd/{((PipeStream)stream).SafePipeHandle.DangerousGetHandle()}").LinkTarget),
    ];

    /// <summary>Starts the test server with an argument and settings, see its Program.cs.</summary>
    public static StdioPeer Start(string argument = "serve", params (string Name, int Value)[] settings)
    {
        var command = Programs.Command("StdioServer", argument);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment["STDIO_TEST_" + name] = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new StdioPeer(Process.Start(start)!);
    }

    /// <summary>Opens a conversation of a legacy revision.</summary>
    public async Task InitializeAsync(string version = "2025-11-25")
    {
        await SendAsync($$"""{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"{{version}}","capabilities":{},"clientInfo":{"name":"t","version":"1"} } }""");
        (await ReadAsync()).Should().StartWith("""{"jsonrpc":"2.0","id":"init","result":{"protocolVersion":""" + $"\"{version}\"");
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
    }

    public Task SendAsync(string line) => SendAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task SendAsync(byte[] bytes)
    {
        await Input.WriteAsync(bytes).AsTask().WaitAsync(Patience);
        await Input.FlushAsync();
    }

    public Task CallAsync(object id, string tool, string text = "") =>
        SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":{"name":"{{tool}}","arguments":{"text":"{{text}}"} } }""");

    /// <summary>The next line of the server, or null at its end.</summary>
    public async Task<string?> ReadOrEndAsync() =>
        await output.ReadAsync(default).AsTask().WaitAsync(Patience) is { } line ? Encoding.UTF8.GetString(line.Bytes.Span) : null;

    public async Task<string> ReadAsync() => await ReadOrEndAsync() ?? throw new EndOfStreamException("The server has ended.");

    /// <summary>The text of the next line, which must be a tool's result.</summary>
    public async Task<string> ReadTextAsync()
    {
        var line = await ReadAsync();
        using var json = System.Text.Json.JsonDocument.Parse(line);
        return json.RootElement.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
    }

    /// <summary>Reads standard error up to the line that contains a text.</summary>
    public async Task<string> ReadErrorAsync(string text)
    {
        while (await errors!.ReadAsync(default).AsTask().WaitAsync(Patience) is { } line)
        {
            if (Encoding.UTF8.GetString(line.Bytes.Span) is var read && read.Contains(text, StringComparison.Ordinal))
                return read;
        }

        throw new EndOfStreamException($"The server ended before it said '{text}'.");
    }

    /// <summary>Shows that the server still serves: nothing but this answer comes next.</summary>
    public async Task ShouldAnswerAsync()
    {
        var id = $"\"{Guid.NewGuid():N}\"";
        await SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");
        (await ReadAsync()).Should().Be($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""");
    }

    public void CloseInput() => Input.Dispose();

    public void CloseOutput() => process!.StandardOutput.BaseStream.Dispose();

    public async Task<int> ExitAsync()
    {
        await process!.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Input.DisposeAsync();
        if (process is null)
            return;

        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
