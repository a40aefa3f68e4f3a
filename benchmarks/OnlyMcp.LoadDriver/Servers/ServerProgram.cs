using System.Diagnostics;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>A program that is called, in a process of its own.</summary>
/// <param name="Contender">Who it stands for.</param>
/// <param name="Name">How the command line calls it.</param>
/// <param name="RunAsync">What it does until the driver closes the side channel; null if it is no part of this program.</param>
internal sealed record ServerProgram(string Contender, string Name, Func<SideChannel, Task>? RunAsync = null)
{
    /// <summary>Whether it is a floor, which answers the same bytes to every call: those that it got over the side channel.</summary>
    public bool AnswersAreFixed { get; init; }

    /// <summary>How it is started; the side channel's name stands behind that.</summary>
    public IReadOnlyList<string> Command { get; init; } =
        [Environment.ProcessPath!, typeof(ServerProgram).Assembly.Location, "serve", Name];

    /// <summary>What stands behind the side channel's name.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public bool IsInstalled => File.Exists(Command[0]) && File.Exists(Command[1]);

    /// <summary>Starts it, with its standard input and output in our hands.</summary>
    public Process Start(string channel) => Start([.. Command.Skip(1), channel, .. Options]);

    /// <summary>Starts it as <see cref="StartPrograms"/> or its script does without a side channel.</summary>
    /// <param name="answer">What the floor answers.</param>
    public Process StartAlone(byte[] answer) => Start(
        RunAsync is null ? [.. Command.Skip(1)] : [Command[1], "start", Contender, Convert.ToBase64String(answer)]);

    private Process Start(IReadOnlyList<string> arguments) =>
        Process.Start(new ProcessStartInfo(Command[0], arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
