namespace OnlyMcp.LoadDriver.Servers;

/// <summary>A program that is called, in a process of its own.</summary>
/// <param name="Contender">Who it stands for.</param>
/// <param name="Name">How the command line calls it.</param>
/// <param name="RunAsync">What it does until the driver closes the side channel.</param>
internal sealed record ServerProgram(string Contender, string Name, Func<SideChannel, Task> RunAsync)
{
    /// <summary>Whether it knows nothing of the protocol, and answers the same bytes to every call; it takes them over the side channel before it begins.</summary>
    public bool AnswersAreFixed { get; init; }
}
