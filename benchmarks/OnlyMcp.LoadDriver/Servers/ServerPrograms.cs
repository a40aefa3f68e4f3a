using OnlyMcp.LoadDriver.Clients;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The programs that are called. All report over a side channel, so that their wires carry calls alone.</summary>
internal static class ServerPrograms
{
    public const string OurHttp = "our-http";
    public const string RawHttp = "raw-http";
    public const string OurStdio = "our-stdio";
    public const string RawStdio = "raw-stdio";
    public const string CannedHttp = "canned-http";

    /// <summary>Runs one of them until the driver closes the side channel.</summary>
    public static async Task RunAsync(string name, string channelName)
    {
        using var channel = await SideChannel.ConnectAsync(channelName);
        await (name switch
        {
            OurHttp => OurServer.ServeHttpAsync(channel),
            RawHttp => RawHttpServer.ServeAsync(channel),
            OurStdio => OurServer.ServeStdioAsync(channel),
            RawStdio => RawLineServer.ServeAsync(channel),
            CannedHttp => CannedHttpServer.ServeAsync(channel),
            _ when ClientPrograms.Has(name) => ClientPrograms.RunAsync(name, channel),
            _ => throw new ArgumentException($"There is no server '{name}'.", nameof(name)),
        });
    }
}
