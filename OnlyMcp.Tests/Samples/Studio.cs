using System.Text.RegularExpressions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The server of the long job with a folder of its own, and its clients, which share a handle.</summary>
internal sealed partial class Studio : IAsyncDisposable
{
    private readonly DirectoryInfo folder;

    private Studio(DirectoryInfo folder) => this.folder = folder;

    public SampleServer Server { get; private set; } = null!;

    public string Tasks => Path.Combine(folder.FullName, "tasks");

    public string Handle => Path.Combine(folder.FullName, "handle.json");

    public static async Task<Studio> OpenAsync()
    {
        var studio = new Studio(Directory.CreateTempSubdirectory("onlymcp-studio-"));
        try
        {
            studio.Server = await SamplePrograms.StartJobServerAsync(studio.Tasks);
            return studio;
        }
        catch
        {
            studio.folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Kills the server, and starts it again where it was; returns what it had drawn.</summary>
    public async Task<int[]> KillAsync()
    {
        var port = Server.Root.Port;
        Server.Process.Kill();
        var killed = await Server.Process.EndAsync();
        await Server.DisposeAsync();
        Server = await SamplePrograms.StartJobServerAsync(Tasks, port);
        return DrawnIn(killed);
    }

    /// <summary>Ends the server in order; returns the scenes that it had drawn.</summary>
    public async Task<int[]> EndAsync()
    {
        await Server.Process.InterruptAsync();
        var end = await Server.Process.EndAsync();
        end.ExitCode.Should().Be(0, end.Errors);
        return DrawnIn(end);
    }

    /// <summary>Starts a client.</summary>
    public ChildProcess Start(params string[] options) => ChildProcess.Start([.. SamplePrograms.Interruptible, .. Command(options)]);

    /// <summary>Runs a client to its end; nobody is at its console.</summary>
    public Task<ChildResult> RunAsync(params string[] options) => ChildProcess.RunAsync(Command(options));

    /// <summary>Reads on until a client has heard of a scene that is drawn; returns which.</summary>
    public static async Task<int> HearOfSceneAsync(ChildProcess client) =>
        int.Parse(Scene().Match(await HearAsync(client, "scene ")).Groups[1].ValueSpan, null);

    /// <summary>Reads on until a client says this.</summary>
    public static async Task<string> HearAsync(ChildProcess client, string text)
    {
        string line;
        do
            line = await client.ReadLineAsync();
        while (!line.Contains(text, StringComparison.Ordinal));
        return line;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private string[] Command(string[] options) =>
        SamplePrograms.Command(SamplePrograms.LongJob, ["--handle", Handle, .. options, Server.At("mcp")]);

    private static int[] DrawnIn(ChildResult server) =>
        [.. Scene().Matches(server.Output).Select(match => int.Parse(match.Groups[1].ValueSpan, null))];

    [GeneratedRegex("(?i)scene ([0-9]+) ")]
    private static partial Regex Scene();
}
