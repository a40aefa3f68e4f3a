using System.Globalization;
using OnlyMcp.Protocol.Revisions;

namespace LongJob;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public const string Help =
        """
        A job of half a minute that outlives whoever began it, and the server too.

        Usage: dotnet run --project samples/04-long-job -- serve [--port N] [--tasks FOLDER]
               dotnet run --project samples/04-long-job [-- OPTIONS] [URL]

        serve is the server, until Ctrl+C:

          --port N        listen on http://localhost:N (default 3001; 0 takes any free port)
          --tasks FOLDER  where jobs are kept (default: onlymcp-long-job in the temporary folder)

        Without it the client begins the job, or goes on with the one that it began before:

          URL             where the server listens (default http://localhost:3001/mcp)
          --cancel        end the job that was begun before
          --era ERA       speak legacy (2025-11-25) or modern (2026-07-28) alone; without it, the newest that both know
          --seconds N     how long the job shall take (default 30)
          --answer TEXT   what to answer when the job asks; without it the question is put to the console
          --handle FILE   where the job's handle is kept (default: onlymcp-long-job.json in the temporary folder)
          --help          show this text

        The client ends with 0 when it has the result, or has cancelled the job; 1 if something failed; 2 if it does not understand its
        options; 3 if it was stopped and the job goes on; 4 if somebody else cancelled the job.
        """;

    /// <summary>Whether this is the server.</summary>
    public bool Serves { get; private init; }

    public int Port { get; private init; } = 3001;

    public string TaskFolder { get; private init; } = Path.Combine(Path.GetTempPath(), "onlymcp-long-job");

    public Uri Url { get; private init; } = new("http://localhost:3001/mcp");

    public bool Cancels { get; private init; }

    /// <summary>The only era to speak; null for any.</summary>
    public Era? Era { get; private init; }

    public double Seconds { get; private init; } = 30;

    public string? Answer { get; private init; }

    public string HandleFile { get; private init; } = Path.Combine(Path.GetTempPath(), "onlymcp-long-job.json");

    public bool WantsHelp { get; private init; }

    /// <exception cref="FormatException">The arguments are none of those above; the message says which.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments) => arguments is ["serve", .. var rest]
        ? ParseServer(rest, new Options { Serves = true })
        : ParseClient(arguments, new Options());

    private static Options ParseServer(ReadOnlySpan<string> arguments, Options options) => arguments switch
    {
        [] => options,
        ["--help" or "-h", ..] => options with { WantsHelp = true },
        ["--port", var port, .. var rest] => ParseServer(rest, options with { Port = PortOf(port) }),
        ["--tasks", var folder, .. var rest] => ParseServer(rest, options with { TaskFolder = folder }),
        ["--port" or "--tasks"] => throw new FormatException($"{arguments[0]} wants a value behind it."),
        [var unknown, ..] => throw new FormatException($"The server has no option {unknown}."),
    };

    private static Options ParseClient(ReadOnlySpan<string> arguments, Options options) => arguments switch
    {
        [] => options,
        ["--help" or "-h", ..] => options with { WantsHelp = true },
        ["--cancel", .. var rest] => ParseClient(rest, options with { Cancels = true }),
        ["--era", var era, .. var rest] => ParseClient(rest, options with { Era = EraOf(era) }),
        ["--seconds", var seconds, .. var rest] => ParseClient(rest, options with { Seconds = SecondsOf(seconds) }),
        ["--answer", var answer, .. var rest] => ParseClient(rest, options with { Answer = answer }),
        ["--handle", var file, .. var rest] => ParseClient(rest, options with { HandleFile = file }),
        ["--era" or "--seconds" or "--answer" or "--handle"] => throw new FormatException($"{arguments[0]} wants a value behind it."),
        [['-', ..], ..] => throw new FormatException($"The client has no option {arguments[0]}."),
        [var url] => options with { Url = AddressOf(url) },
        _ => throw new FormatException($"There is one server; what is {arguments[1]}?"),
    };

    private static int PortOf(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new FormatException($"--port wants a number from 0 to 65535, not {text}.");

    private static Era EraOf(string text) => text switch
    {
        "legacy" => OnlyMcp.Protocol.Revisions.Era.Legacy,
        "modern" => OnlyMcp.Protocol.Revisions.Era.Modern,
        _ => throw new FormatException($"--era is legacy or modern, not {text}."),
    };

    private static double SecondsOf(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= Film.ShortestSeconds and <= Film.LongestSeconds
            ? seconds
            : throw new FormatException($"--seconds wants a number from {Film.ShortestSeconds} to {Film.LongestSeconds}, not {text}.");

    private static Uri AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException($"A server's address looks like http://localhost:3001/mcp, not {text}.");
}
