namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The programs that are called. All report over a side channel, so that their wires carry calls alone.</summary>
internal static class ServerPrograms
{
    public static ServerProgram OurHttp { get; } = new(Contenders.Ours, "our-http", OurServer.ServeHttpAsync);

    public static ServerProgram RawHttp { get; } = new(Contenders.Raw, "raw-http", RawHttpServer.ServeAsync) { AnswersAreFixed = true };

    public static ServerProgram OurStdio { get; } = new(Contenders.Ours, "our-stdio", OurServer.ServeStdioAsync);

    public static ServerProgram RawStdio { get; } = new(Contenders.Raw, "raw-stdio", RawLineServer.ServeAsync) { AnswersAreFixed = true };

    public static ServerProgram OurStreams { get; } = new(Contenders.Ours, "our-streams", OurStreamServer.ServeAsync);

    public static ServerProgram RawStreams { get; } = new(Contenders.Raw, "raw-streams", RawStreamServer.ServeAsync);

    private static ServerProgram[] All { get; } = [OurHttp, RawHttp, OurStdio, RawStdio, OurStreams, RawStreams];

    /// <summary>Runs one of them until the driver closes the side channel.</summary>
    public static async Task RunAsync(string name, string channelName)
    {
        var program = All.Single(program => program.Name == name);
        using var channel = await SideChannel.ConnectAsync(channelName);
        await program.RunAsync(channel);
    }
}
