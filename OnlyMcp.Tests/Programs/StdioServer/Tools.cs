using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Programs.StdioServer;

/// <summary>The tools of the test server.</summary>
internal static class Tools
{
    private static readonly JsonElement AnyObject = JsonElement.Parse("""{"type":"object"}""");
    private static readonly TaskCompletionSource Release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static void AddTo(McpServer server, TextWriter cached)
    {
        Add(server, "echo", arguments => Text(arguments, "text"));
        Add(server, "print", Print);
        Add(server, "print-cached", _ => Print(cached));
        Add(server, "child", _ => RunChild());
        Add(server, "read", _ => Console.In.ReadLine() ?? "nothing to read");
        Add(server, "block", _ => Block());
        Add(server, "release", _ => Release.TrySetResult() ? "released" : "was released");
        Add(server, "crash", _ => throw new InvalidOperationException("secret"));
        Add(server, "exit", _ => Exit());
        Add(server, "exit-once", arguments => File.Exists(Text(arguments, "text")) ? "survived" : ExitLeaving(Text(arguments, "text")));
        Add(server, "pid", _ => $"{Environment.ProcessId}");
        Add(server, "memory", _ => Memory());
        Add(server, "large", arguments => new string('x', int.Parse(Text(arguments, "text"), CultureInfo.InvariantCulture)));
        server.Tools.Add(new SchemaTool(Definition("wait"), WaitAsync));
        server.Tools.Add(new SchemaTool(Definition("progress"), ProgressAsync));
    }

    private static void Add(McpServer server, string name, Func<JsonElement, string> tool) =>
        server.Tools.Add(new SchemaTool(Definition(name), (arguments, _, _) => new(Result(tool(arguments)))));

    private static Tool Definition(string name) => new() { Name = name, InputSchema = AnyObject };

    private static CallToolResult Result(string text) => new() { Content = [new TextContent { Text = text }] };

    private static string Text(JsonElement arguments, string name) => arguments.GetProperty(name).GetString()!;

    /// <summary>Everything that C# offers to print with.</summary>
    private static string Print(JsonElement arguments)
    {
        Console.WriteLine("printed by Console.WriteLine");
        using (var raw = Console.OpenStandardOutput())
            raw.Write("printed by OpenStandardOutput\n"u8);
        Descriptors.Write(1, "printed to descriptor 1\n");
        return "printed";
    }

    private static string Print(TextWriter cached)
    {
        cached.WriteLine("printed by a writer from before");
        cached.Flush();
        return "printed";
    }

    /// <summary>A child that inherits whatever this process has as standard input and output.</summary>
    private static string RunChild()
    {
        using var child = Process.Start(new ProcessStartInfo("sh", ["-c", "echo printed by a child; cat; ls -l /proc/self/fd >&2"]))!;
        child.WaitForExit();
        return $"child ended with {child.ExitCode}";
    }

    private static string Block()
    {
        Release.Task.Wait();
        return "unblocked";
    }

    private static string ExitLeaving(string file)
    {
        File.WriteAllText(file, "");
        return Exit();
    }

    private static string Exit()
    {
        Console.Error.WriteLine("leaving with code 3");
        Environment.Exit(3);
        return "gone";
    }

    private static string Memory()
    {
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return $"{GC.GetTotalMemory(true)} {GC.GetTotalAllocatedBytes()} {self.WorkingSet64}";
    }

    private static async ValueTask<Result> WaitAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken)
    {
        Console.Error.WriteLine("waiting");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            Console.Error.WriteLine("cancelled");
        }

        return Result("never");
    }

    private static async ValueTask<Result> ProgressAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken)
    {
        for (var i = 1; i <= 3; i++)
            await context.ReportProgressAsync(i, 3, cancellationToken: cancellationToken);
        return Result("done");
    }
}
