using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The client that signs in, with a folder of its own for its tokens, on a machine that can open no browser.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("onlymcp-visitor-");
    private readonly string server;

    private Visitor(PersonalDbProgram program, string[] options)
    {
        server = program.Server.At("api/mcp");
        Process = ChildProcess.Start([.. SamplePrograms.Interruptible, .. Command(options)], Environment);
    }

    public ChildProcess Process { get; }

    /// <summary>Nothing that could open a browser is found there.</summary>
    private Dictionary<string, string> Environment => new() { ["PATH"] = folder.FullName };

    public static Visitor Start(PersonalDbProgram program, params string[] options) => new(program, options);

    /// <summary>Runs the client once more, over the same tokens, with nobody there to sign in.</summary>
    public Task<ChildResult> RunAgainAsync() => ChildProcess.RunAsync(Command([]), Environment);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private string[] Command(string[] options) =>
        SamplePrograms.Command(SamplePrograms.SignIn, ["--tokens", Path.Combine(folder.FullName, "tokens"), .. options, server]);
}
