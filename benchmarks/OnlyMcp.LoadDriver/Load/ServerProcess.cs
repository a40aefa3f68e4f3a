using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>One of the servers in a process of its own, and the side channel to it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly NamedPipeServerStream pipe;
    private readonly StreamReader reader;
    private readonly StreamWriter writer;

    private ServerProcess(Process process, NamedPipeServerStream pipe)
    {
        this.process = process;
        this.pipe = pipe;
        reader = new StreamReader(pipe);
        writer = new StreamWriter(pipe) { AutoFlush = true };
    }

    public int Id => process.Id;

    /// <summary>What the process holds of the machine's memory, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public Stream Input => process.StandardInput.BaseStream;

    public Stream Output => process.StandardOutput.BaseStream;

    public static async Task<ServerProcess> StartAsync(ServerProgram program)
    {
        // Where pipes are sockets in a folder, a name with its folder is one that other runtimes find too.
        var channel = Path.Combine(OperatingSystem.IsWindows() ? "" : Path.GetTempPath(), $"onlymcp-load-{Guid.NewGuid():N}");
        var pipe = new NamedPipeServerStream(channel, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        var process = program.Start(channel);
        await await Task.WhenAny(pipe.WaitForConnectionAsync(), FailAtExitAsync(process));
        return new ServerProcess(process, pipe);
    }

    public Task SendAsync(string line) => writer.WriteLineAsync(line);

    public async Task<string> ReceiveAsync() =>
        await reader.ReadLineAsync() ?? throw new EndOfStreamException("The server has ended.");

    /// <summary>What the process has spent since it started.</summary>
    public async Task<Spent> AskSpentAsync()
    {
        await SendAsync("spent");
        var figures = (await ReceiveAsync()).Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new Spent(TimeSpan.FromTicks(figures[0]), figures is [_, var bytes] ? bytes : null);
    }

    /// <summary>What a load comes to, and what the process spends on it. The load runs on the calling thread: that may be bound to a core.</summary>
    public Measurement Measure(Func<Throughput> load)
    {
        var before = AskSpentAsync().GetAwaiter().GetResult();
        var done = load();
        return new Measurement(done, before, AskSpentAsync().GetAwaiter().GetResult());
    }

    public async ValueTask DisposeAsync()
    {
        // A server ends when its side channel does.
        await pipe.DisposeAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private static async Task FailAtExitAsync(Process process)
    {
        await process.WaitForExitAsync();
        throw new InvalidOperationException($"The server ended with exit code {process.ExitCode} before it was ready.");
    }
}
