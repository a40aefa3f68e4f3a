using OnlyMcp.LoadDriver.Clients;

using OnlyMcp.Server;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The programs that are called. All report over a side channel, so that their wires carry calls alone.</summary>
internal static class ServerPrograms
{
    public static ServerProgram OurHttp { get; } = new(
        Contenders.Ours, "our-http", channel => OurServer.ServeHttpAsync(channel, OurServer.Make()));

    /// <summary>With a hundred tools.</summary>
    public static ServerProgram OurHttpMany { get; } = new(
        Contenders.Ours, "our-http-many", channel => OurServer.ServeHttpAsync(channel, OurServer.MakeMany()));

    /// <summary>With so many tools, listed a hundred at a time.</summary>
    public static IReadOnlyDictionary<int, ServerProgram> OurHttpTools { get; } = new[] { 1, 10, 100, 1000, 10_000 }.ToDictionary(
        count => count,
        count => new ServerProgram(Contenders.Ours, $"our-http-{count}-tools", channel => OurServer.ServeHttpAsync(channel, OurServer.MakeMany(count))));

    /// <summary>Takes messages that are longer than the default allows.</summary>
    public static ServerProgram OurHttpLong { get; } = new(
        Contenders.Ours, "our-http-long", channel => OurServer.ServeHttpAsync(channel, OurServer.Make(new ServerLimits { MaxMessageBytes = 16_000_000 })));

    public static ServerProgram RawHttp { get; } = new(Contenders.Raw, "raw-http", RawHttpServer.ServeAsync) { AnswersAreFixed = true };

    /// <summary>A project of its own: what it references would slow down the start of the others.</summary>
    public static ServerProgram Kestrel { get; } = new(Contenders.Kestrel, "kestrel")
    {
        AnswersAreFixed = true,
        Command =
        [
            Environment.ProcessPath!,
            typeof(ServerPrograms).Assembly.Location.Replace("LoadDriver", "KestrelFloor", StringComparison.Ordinal),
        ],
    };

    public static ServerProgram TypeScript1Http { get; } = Node(Contenders.TypeScript1, "ts1-http");

    public static ServerProgram TypeScript2Http { get; } = Node(Contenders.TypeScript2, "ts2-http");

    public static ServerProgram TypeScript2HttpMany { get; } = TypeScript2Http with { Options = ["many"] };

    public static ServerProgram OurStdio { get; } = new(
        Contenders.Ours, "our-stdio", channel => OurServer.ServeStdioAsync(channel, OurServer.Make()));

    public static ServerProgram OurStdioMany { get; } = new(
        Contenders.Ours, "our-stdio-many", channel => OurServer.ServeStdioAsync(channel, OurServer.MakeMany()));

    public static ServerProgram RawStdio { get; } = new(Contenders.Raw, "raw-stdio", RawLineServer.ServeAsync) { AnswersAreFixed = true };

    public static ServerProgram CSharpStdio { get; } = new(
        Contenders.CSharp, "csharp-stdio", channel => CSharpServer.ServeStdioAsync(channel, CSharpServer.Make()));

    public static ServerProgram CSharpStdioMany { get; } = new(
        Contenders.CSharp, "csharp-stdio-many", channel => CSharpServer.ServeStdioAsync(channel, CSharpServer.MakeMany()));

    public static ServerProgram TypeScript1Stdio { get; } = Node(Contenders.TypeScript1, "ts1-stdio");

    public static ServerProgram TypeScript2Stdio { get; } = Node(Contenders.TypeScript2, "ts2-stdio");

    public static ServerProgram TypeScript2StdioMany { get; } = TypeScript2Stdio with { Options = ["many"] };

    public static ServerProgram OurStreams { get; } = new(Contenders.Ours, "our-streams", OurStreamServer.ServeAsync);

    public static ServerProgram RawStreams { get; } = new(Contenders.Raw, "raw-streams", RawStreamServer.ServeAsync);

    public static ServerProgram TypeScript2Streams { get; } = Node(Contenders.TypeScript2, "ts2-streams");

    public static ServerProgram Scale { get; } = new(Contenders.Ours, "scale", ScaleServer.ServeAsync);

    public static ServerProgram Soak { get; } = new(Contenders.Ours, "soak", SoakServer.ServeAsync);

    /// <summary>The argument that makes this program a server over standard input and output, without a side channel.</summary>
    public const string SoakStdio = "serve-stdio";

    /// <summary>What clients call.</summary>
    public static ServerProgram CannedHttp { get; } = new("canned", "canned-http", CannedHttpServer.ServeAsync);

    private static readonly HashSet<string> Missing = [];

    private static ServerProgram[] All { get; } =
    [
        .. OurHttpTools.Values, OurHttpLong,
        OurHttp, OurHttpMany, RawHttp, OurStdio, OurStdioMany, RawStdio, CSharpStdio, CSharpStdioMany, OurStreams, RawStreams, Scale, Soak, CannedHttp,
        .. ClientPrograms.All,
    ];

    /// <summary>Runs one of them until the driver closes the side channel.</summary>
    public static async Task RunAsync(string name, string channelName)
    {
        var program = All.Single(program => program.Name == name);
        using var channel = await SideChannel.ConnectAsync(channelName);
        await program.RunAsync!(channel);
    }

    /// <summary>Those whose contenders are to be measured; one that is not installed is left out with a word.</summary>
    public static IReadOnlyList<ServerProgram> Chosen(Plan plan, params IEnumerable<ServerProgram> programs)
    {
        var chosen = programs.Where(program => plan.HasContender(program.Contender)).ToLookup(program => program.IsInstalled);
        foreach (var missing in chosen[false].Where(program => Missing.Add(program.Name)))
            Console.WriteLine($"{missing.Name} is left out: it is not there. OnlyMcp.Tests/Peers/install.sh brings the packages of Node.");
        return [.. chosen[true]];
    }

    private static ServerProgram Node(string contender, string script) => new(contender, script)
    {
        Command = [NodePeers.Executable, Path.Combine(Repository.Root, "benchmarks", "OnlyMcp.LoadDriver", "Peers", $"{script}.mjs")],
    };
}
