using System.Globalization;
using System.IO.Pipes;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>A server's line to the driver, beside its wire: where it listens, then at each question what it has spent.</summary>
internal sealed class SideChannel : IDisposable
{
    private readonly NamedPipeClientStream pipe;
    private readonly StreamReader reader;
    private readonly StreamWriter writer;

    private SideChannel(NamedPipeClientStream pipe)
    {
        this.pipe = pipe;
        reader = new StreamReader(pipe);
        writer = new StreamWriter(pipe) { AutoFlush = true };
    }

    public static async Task<SideChannel> ConnectAsync(string name)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        await pipe.ConnectAsync();
        return new SideChannel(pipe);
    }

    public Task SendAsync(string line) => writer.WriteLineAsync(line);

    public async Task<string> ReceiveAsync() => await TryReceiveAsync() ?? throw new EndOfStreamException("The driver is gone.");

    /// <summary>What the driver says; null once it is gone.</summary>
    public Task<string?> TryReceiveAsync() => reader.ReadLineAsync();

    /// <summary>Answers until the driver has closed its side.</summary>
    public async Task AnswerAsync()
    {
        while (await reader.ReadLineAsync() is not null)
        {
            var cpu = Environment.CpuUsage.TotalTime.Ticks;
            await SendAsync(string.Create(CultureInfo.InvariantCulture, $"{cpu} {GC.GetTotalAllocatedBytes(precise: true)}"));
        }
    }

    public void Dispose()
    {
        writer.Dispose();
        reader.Dispose();
        pipe.Dispose();
    }
}
