// A stdio server whose tools do everything that a server's tools should not.
// Arguments:
//            hang              does not end when its input does, and has a child that does not either
//            close-output      closes its output and lives on
//            garbage           writes lines that are no messages before it starts
//            use-console-first takes a writer of Console before it starts
//            env               prints its environment to standard error and ends
//            exit              writes to standard error and ends with code 3
//            REVISION/NAME     is the server that the transcript of this name talks to
using System.Diagnostics;
using OnlyMcp.Server;
using OnlyMcp.Server.Stdio;
using OnlyMcp.Tests.Programs.StdioServer;
using OnlyMcp.Tests.Transcripts;

var cached = TextWriter.Null;
switch (args.FirstOrDefault())
{
    case "exit":
        for (var i = 1; i <= 25; i++)
            Console.Error.WriteLine($"line {i}");
        return 3;
    case "env":
        foreach (var name in Environment.GetEnvironmentVariables().Keys)
            Console.Error.WriteLine(name);
        return 0;
    case "garbage":
        Console.WriteLine("Starting up...");
        Console.WriteLine(new string('x', 100_000));
        break;
    case "use-console-first":
        cached = Console.Out;
        cached.Flush();
        _ = Console.OpenStandardOutput();
        break;
    case { } transcript when transcript.Contains('/'):
        await TranscriptServer.Make(transcript).RunStdioAsync();
        return 0;
    case "close-output":
        Descriptors.Write(1, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n");
        StdioWire.MoveAside().Output.Dispose();
        await Task.Delay(Timeout.Infinite);
        break;
}

var limits = new ServerLimits
{
    MaxMessageBytes = Number("MAX_BYTES", 4 * 1024 * 1024),
    ShutdownTimeout = TimeSpan.FromMilliseconds(Number("SHUTDOWN_MS", 5000)),
    WriteTimeout = TimeSpan.FromMilliseconds(Number("WRITE_MS", 30_000)),
    MaxConcurrentRequestsPerConversation = Number("MAX_CONCURRENT", 100),
};
var server = new McpServer("stdio-test", "1.0.0", new McpServerOptions { Limits = limits });
Tools.AddTo(server, cached);
await server.RunStdioAsync();
if (args.FirstOrDefault() == "hang")
{
    Console.Error.WriteLine("hanging");
    using var child = Process.Start(new ProcessStartInfo("sleep", ["600"]));
    Console.Error.WriteLine($"child {child!.Id}");
    await Task.Delay(Timeout.Infinite);
}

Console.WriteLine("printed after the server has ended");
return 0;

static int Number(string name, int otherwise) =>
    int.TryParse(Environment.GetEnvironmentVariable("STDIO_TEST_" + name), out var value) ? value : otherwise;
