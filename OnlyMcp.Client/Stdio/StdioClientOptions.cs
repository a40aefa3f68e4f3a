namespace OnlyMcp.Client.Stdio;

/// <summary>Which process to start as a server, with what, and how to end it.</summary>
public sealed record StdioClientOptions
{
    /// <summary>The program: a name that is looked for in <c>PATH</c>, or a path. Never a line for a shell.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments, each one as it is: nothing is split, expanded or quoted.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Where it starts; the working directory of this process by default.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// The variables of this process that the server gets too, by name; a star at the end stands for any ending. By default those
    /// that programs need to run, and none that may hold a secret. <c>["*"]</c> hands on all of them.
    /// </summary>
    public IReadOnlyList<string> InheritedVariables { get; init; } = ServerEnvironment.DefaultVariables;

    /// <summary>Variables for the server alone, such as its credentials; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>
    /// Is told each line that the server writes to its standard error: its log, not a sign of failure. At most the first kilobyte of a
    /// very long line; bytes that are no UTF-8 are replaced. Escape it before you show it: it may hold anything.
    /// </summary>
    public Action<string>? StandardError { get; init; }

    /// <summary>How long the server may take to end by itself after its input was closed; 5 seconds.</summary>
    public TimeSpan ExitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it may take after it was asked to end (SIGTERM; not on Windows) before it is killed; 2 seconds.</summary>
    public TimeSpan TerminateTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How it is started again when it has ended by itself; null, the default, for not at all: what is asked fails then.</summary>
    public RestartOptions? Restart { get; init; }

    /// <summary>Limits on its messages.</summary>
    public PipeClientOptions Pipe { get; init; } = new();
}
