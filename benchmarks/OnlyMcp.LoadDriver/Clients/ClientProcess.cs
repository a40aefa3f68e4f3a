using System.Globalization;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Clients;

/// <summary>One of the clients, in a process of its own, which calls as it is told and says what that came to.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private readonly ServerProcess process;

    private ClientProcess(ServerProcess process) => this.process = process;

    /// <param name="program">The client.</param>
    /// <param name="address">Where its server is; null for one that has it with it.</param>
    public static async Task<ClientProcess> StartAsync(ServerProgram program, string? address = null)
    {
        var process = await ServerProcess.StartAsync(program);
        if (address is not null)
            await process.SendAsync(address);
        await process.ReceiveAsync();
        return new ClientProcess(process);
    }

    /// <summary>So many callers call for so long.</summary>
    public async Task<Measurement> MeasureAsync(int callers, TimeSpan span)
    {
        await process.SendAsync(string.Create(CultureInfo.InvariantCulture, $"{callers} {span.TotalMilliseconds}"));
        var figures = (await process.ReceiveAsync()).Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var done = new Throughput(figures[0], TimeSpan.FromTicks(figures[1]));
        return new Measurement(done, default(Spent) with { Bytes = 0 }, new Spent(TimeSpan.FromTicks(figures[2]), figures[3]));
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
