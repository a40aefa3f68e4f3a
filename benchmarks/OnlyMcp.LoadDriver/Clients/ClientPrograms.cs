using System.Globalization;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Clients;

/// <summary>The clients that are measured, each in a process of its own, which calls when the driver says so.</summary>
internal static class ClientPrograms
{
    public static ServerProgram OurHttp { get; } = OverHttp(Contenders.Ours, OurCaller.ConnectAsync);

    public static ServerProgram RawHttp { get; } = OverHttp(Contenders.Raw, address => Task.FromResult<ICaller>(new HttpFloor(address)));

    public static ServerProgram CSharpHttp { get; } = OverHttp(Contenders.CSharp, CSharpCaller.ConnectAsync);

    public static ServerProgram OurMemory { get; } = InMemory(Contenders.Ours, OurCaller.ConnectInMemoryAsync);

    public static ServerProgram PipeMemory { get; } = InMemory(Contenders.Pipe, OurCaller.ConnectOverPipeAsync);

    public static ServerProgram RawMemory { get; } = InMemory(Contenders.Raw, () => Task.FromResult<ICaller>(new PipeFloor()));

    public static ServerProgram CSharpMemory { get; } = InMemory(Contenders.CSharp, CSharpCaller.ConnectInMemoryAsync);

    public static IReadOnlyList<ServerProgram> All { get; } = [OurHttp, RawHttp, CSharpHttp, OurMemory, PipeMemory, RawMemory, CSharpMemory];

    /// <summary>A client that is told first where its server is.</summary>
    private static ServerProgram OverHttp(string contender, Func<Uri, Task<ICaller>> connect) => new(
        contender, $"client-{contender}", async channel => await ObeyAsync(channel, await connect(new Uri(await channel.ReceiveAsync()))));

    /// <summary>A client that has its server with it.</summary>
    private static ServerProgram InMemory(string contender, Func<Task<ICaller>> connect) =>
        new(contender, $"memory-{contender}", async channel => await ObeyAsync(channel, await connect()));

    /// <summary>Takes orders of the form <c>callers milliseconds</c> until the driver closes the side channel.</summary>
    private static async Task ObeyAsync(SideChannel channel, ICaller caller)
    {
        await using var client = caller;
        await channel.SendAsync("ready");
        while (await channel.TryReceiveAsync() is { } order)
            await channel.SendAsync(await ObeyAsync(caller, order.Split(' ')));
    }

    private static async Task<string> ObeyAsync(ICaller caller, string[] order)
    {
        var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
        var done = await CallerLoad.RunAsync(
            caller, int.Parse(order[0], CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(double.Parse(order[1], CultureInfo.InvariantCulture)));
        var spent = (Cpu: Environment.CpuUsage.TotalTime - cpu, Bytes: GC.GetTotalAllocatedBytes(precise: true) - bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{done.Calls} {done.Elapsed.Ticks} {spent.Cpu.Ticks} {spent.Bytes}");
    }
}
