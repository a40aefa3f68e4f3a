using System.Globalization;

namespace CalculatorAndWeatherServer;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public const string Help =
        """
        A calculator and a weather tool for MCP clients, over HTTP or stdio.

        Usage: dotnet run --project samples/01-calculator-and-weather-server [-- OPTIONS]

          --port N           listen on http://localhost:N (default 3001; 0 takes any free port)
          --stdio            serve the client that started this program, over standard input and output
          --weather-url URL  ask a service with Open-Meteo's interface, such as https://api.open-meteo.com;
                             without it the weather is made up: 20 degrees and a sandstorm, everywhere, always
          --wire             show each message on standard error, with its section of the specification
          --help             show this text

        Over HTTP it serves /mcp (Streamable HTTP), /sse with /messages (HTTP+SSE) and /ping, to this machine alone.
        """;

    public int Port { get; private init; } = 3001;

    public bool Stdio { get; private init; }

    public Uri? WeatherUrl { get; private init; }

    public bool Wire { get; private init; }

    public bool WantsHelp { get; private init; }

    /// <exception cref="FormatException">The arguments are none of those above; the message says which.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments) => Parse(arguments, new Options());

    private static Options Parse(ReadOnlySpan<string> arguments, Options options) => arguments switch
    {
        [] => options,
        ["--help" or "-h", ..] => options with { WantsHelp = true },
        ["--stdio", .. var rest] => Parse(rest, options with { Stdio = true }),
        ["--wire", .. var rest] => Parse(rest, options with { Wire = true }),
        ["--port", var port, .. var rest] => Parse(rest, options with { Port = PortOf(port) }),
        ["--weather-url", var url, .. var rest] => Parse(rest, options with { WeatherUrl = AddressOf(url) }),
        ["--port" or "--weather-url"] => throw new FormatException($"{arguments[0]} wants a value behind it."),
        [var unknown, ..] => throw new FormatException($"There is no option {unknown}."),
    };

    private static int PortOf(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new FormatException($"--port wants a number from 0 to 65535, not {text}.");

    private static Uri AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException($"--weather-url wants an address such as https://api.open-meteo.com, not {text}.");
}
