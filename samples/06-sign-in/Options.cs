namespace SigningIn;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public const string Help =
        """
        Signs in to an MCP server in the browser, calls its tools, and asks for more where a call needs more.

        Usage: dotnet run --project samples/06-sign-in [-- OPTIONS] [URL]

          URL              where the server listens (default http://localhost:3001/api/mcp, the server of 05)
          --paste          no browser on this machine: show the address, and read the one at which a browser elsewhere ends up
          --tokens FOLDER  where tokens are kept (default: a folder of this user's, for this program alone)
          --help           show this text

        It ends with 0 when everything was done; 1 if something failed; 2 if it does not understand its options; 3 if it did not get the
        leave that it needs; 130 after Ctrl+C.
        """;

    public Uri Url { get; private init; } = new("http://localhost:3001/api/mcp");

    /// <summary>Whether the person copies addresses, in place of a browser that comes back by itself.</summary>
    public bool Pastes { get; private init; }

    /// <summary>Where tokens are kept; null for the usual place.</summary>
    public string? TokenFolder { get; private init; }

    public bool WantsHelp { get; private init; }

    /// <exception cref="FormatException">The arguments are none of those above; the message says which.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments) => Parse(arguments, new Options());

    private static Options Parse(ReadOnlySpan<string> arguments, Options options) => arguments switch
    {
        [] => options,
        ["--help" or "-h", ..] => options with { WantsHelp = true },
        ["--paste", .. var rest] => Parse(rest, options with { Pastes = true }),
        ["--tokens", var folder, .. var rest] => Parse(rest, options with { TokenFolder = folder }),
        ["--tokens"] => throw new FormatException($"{arguments[0]} wants a value behind it."),
        [['-', ..], ..] => throw new FormatException($"There is no option {arguments[0]}."),
        [var url] => options with { Url = AddressOf(url) },
        _ => throw new FormatException($"There is one server; what is {arguments[1]}?"),
    };

    private static Uri AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException($"A server's address looks like http://localhost:3001/api/mcp, not {text}.");
}
