using System.Globalization;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Clients;

/// <summary>The clients that are measured, each in a process of its own, which calls when the driver says so.</summary>
internal static class ClientPrograms
{
    public const string OurHttp = "client-ours";
    public const string RawHttp = "client-raw";
    public const string SdkHttp = "client-csharp";
    public const string OurMemory = "memory-ours";
    public const string RawMemory = "memory-raw";
    public const string SdkMemory = "memory-csharp";

    public static bool Has(string name) => name is OurHttp or RawHttp or SdkHttp or OurMemory or RawMemory or SdkMemory;

    /// <summary>Connects, then takes orders of the form <c>callers milliseconds</c> until the driver closes the side channel.</summary>
    public static async Task RunAsync(string name, SideChannel channel)
    {
        await using var caller = name switch
        {
            OurHttp => await OurCaller.ConnectAsync(await AddressAsync(channel)),
            RawHttp => new HttpFloor(await AddressAsync(channel)),
            SdkHttp => await SdkCaller.ConnectAsync(await AddressAsync(channel)),
            OurMemory => await OurCaller.ConnectInMemoryAsync(),
            RawMemory => new PipeFloor(),
            SdkMemory => await SdkCaller.ConnectInMemoryAsync(),
            _ => (ICaller)null!,
        };
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

    private static async Task<Uri> AddressAsync(SideChannel channel) => new(await channel.ReceiveAsync());
}
