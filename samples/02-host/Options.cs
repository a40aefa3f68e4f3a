using OnlyMcp.Protocol.Revisions;

namespace Host;

/// <summary>What the command line says: which server, and which revision to speak with it.</summary>
internal sealed record Options
{
    public const string Help =
        """
        Connects to an MCP server and prints its tools.

        Usage: dotnet run --project samples/02-host [-- [--revision DATE] [--wire] [URL | --stdio COMMAND [ARGUMENT]...]]

          URL                 where the server listens (default http://localhost:3001/mcp)
          --stdio COMMAND...  start the server, with all that follows as its command line
          --revision DATE     speak this revision alone, such as 2025-06-18; without it, the newest that both know
          --wire              show each message on standard error, with its section of the specification
          --help              show this text
        """;

    public Uri Url { get; private init; } = new("http://localhost:3001/mcp");

    /// <summary>The command line of a server to start; empty if it listens already.</summary>
    public string[] Command { get; private init; } = [];

    public Revision? Revision { get; private init; }

    public bool Wire { get; private init; }

    public bool WantsHelp { get; private init; }

    public string Server => Command.Length > 0 ? string.Join(' ', Command) : Url.OriginalString;

    /// <exception cref="FormatException">The arguments are none of those above; the message says which.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments) => Parse(arguments, new Options());

    private static Options Parse(ReadOnlySpan<string> arguments, Options options) => arguments switch
    {
        [] => options,
        ["--help" or "-h", ..] => options with { WantsHelp = true },
        ["--stdio", _, ..] => options with { Command = arguments[1..].ToArray() },
        ["--revision", var version, .. var rest] => Parse(rest, options with { Revision = RevisionOf(version) }),
        ["--wire", .. var rest] => Parse(rest, options with { Wire = true }),
        ["--stdio" or "--revision"] => throw new FormatException($"{arguments[0]} wants a value behind it."),
        [['-', ..], ..] => throw new FormatException($"There is no option {arguments[0]}."),
        [var url] => options with { Url = AddressOf(url) },
        _ => throw new FormatException($"There is one server; what is {arguments[1]}?"),
    };

    private static Revision RevisionOf(string version) => KnownRevisions.Find(version) ?? throw new FormatException(
        $"There is no revision {version}; there are {string.Join(", ", KnownRevisions.All.Select(revision => revision.Version))}.");

    private static Uri AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException($"A server's address looks like http://localhost:3001/mcp, not {text}.");
}
