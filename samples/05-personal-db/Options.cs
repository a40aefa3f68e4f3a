using System.Globalization;

namespace PersonalDb;

/// <summary>What the command line and the environment say.</summary>
internal sealed record Options
{
    public const string PasswordVariable = "PERSONAL_DB_PASSWORD";

    public const string Help =
        $"""
        A personal database with users: REST and MCP over the same data, and the sign-in for both, on one port.

        Usage: dotnet run --project samples/05-personal-db [-- OPTIONS]

          --port N          listen on http://localhost:N (default 3001; 0 takes any free port)
          --data FOLDER     where everything is kept (default: onlymcp-personal-db among this user's application data)
          --admin NAME      the administrator that is made if there is no such user yet (default admin);
                            the password comes from the environment variable {PasswordVariable}, or is made up and told once
          --public-url URL  the address under which the world reaches this server, where a proxy stands before it
          --help            show this text

        It serves this machine alone. An administrator has all permissions, and can change those of others:
        PATCH /api/permissions/USER.
        """;

    public int Port { get; private init; } = 3001;

    public string DataFolder { get; private init; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "onlymcp-personal-db");

    public string Administrator { get; private init; } = "admin";

    /// <summary>The administrator's password; null if one shall be made up.</summary>
    public string? Password { get; } = Environment.GetEnvironmentVariable(PasswordVariable);

    /// <summary>Where the world reaches the server; null if nothing stands before it.</summary>
    public Uri? PublicUrl { get; private init; }

    public bool WantsHelp { get; private init; }

    /// <exception cref="FormatException">The arguments are none of those above; the message says which.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments) => Parse(arguments, new Options());

    private static Options Parse(ReadOnlySpan<string> arguments, Options options) => arguments switch
    {
        [] => options,
        ["--help" or "-h", ..] => options with { WantsHelp = true },
        ["--port", var port, .. var rest] => Parse(rest, options with { Port = PortOf(port) }),
        ["--data", var folder, .. var rest] => Parse(rest, options with { DataFolder = folder }),
        ["--admin", var name, .. var rest] => Parse(rest, options with { Administrator = name }),
        ["--public-url", var url, .. var rest] => Parse(rest, options with { PublicUrl = AddressOf(url) }),
        ["--port" or "--data" or "--admin" or "--public-url"] => throw new FormatException($"{arguments[0]} wants a value behind it."),
        [var unknown, ..] => throw new FormatException($"There is no option {unknown}."),
    };

    private static int PortOf(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new FormatException($"--port wants a number from 0 to 65535, not {text}.");

    // Passwords and tokens go over it: without TLS they would be anybody's on the way.
    private static Uri AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "https", AbsolutePath: "/", Query: "", Fragment: "" }
            ? address
            : throw new FormatException($"--public-url wants an address such as https://db.example.com, not {text}.");
}
