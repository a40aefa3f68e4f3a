using System.Globalization;

namespace OnlyMcp.Server.Http;

/// <summary>Where a host listens, taken apart: a name or address, and a port.</summary>
/// <param name="Host">In lower case; HttpListener would never match another.</param>
/// <param name="Port">0 for any that is free.</param>
internal sealed record HttpPrefix(string Host, int Port)
{
    private const string Scheme = "http://";

    /// <summary>Whether it takes requests for every name.</summary>
    public bool IsWildcard => Host is "+" or "*";

    /// <summary>Whether it takes requests of this machine's programs alone.</summary>
    public bool IsLoopback => Host is "localhost" or "127.0.0.1";

    /// <summary>The name that requests for it carry; none for a wildcard, which is why such a host needs a list.</summary>
    public IEnumerable<string> Names => IsWildcard ? [] : [Host];

    /// <summary>The prefixes to register for a port. This machine's two names share one socket, and each answers to itself alone.</summary>
    public IEnumerable<string> ForPort(int port) => Answering.Select(name => $"{Scheme}{name}:{port}/");

    private string[] Answering => Host is "localhost" or "127.0.0.1" ? ["127.0.0.1", "localhost"] : [Host];

    /// <exception cref="ArgumentException">The prefix cannot be listened on; the message says what can.</exception>
    public static HttpPrefix Parse(string prefix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(prefix);
        if (prefix.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            throw Unfit("HTTPS is not spoken here: put a reverse proxy in front, or mount McpHttpHandler in a server that has TLS.");
        if (!prefix.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw Unfit("It begins with http://.");

        var authority = prefix[Scheme.Length..].TrimEnd('/');
        if (authority.StartsWith('['))
            throw Unfit("The listener knows no IPv6; use http://127.0.0.1:3001/.");
        if (authority.Contains('/', StringComparison.Ordinal))
            throw Unfit($"It has no path: that is {nameof(McpHttpOptions)}.{nameof(McpHttpOptions.Path)}.");

        var parts = authority.Split(':');
        var port = 80;
        if (parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out port)) || port > 65535)
            throw Unfit("Its port is a number up to 65535, or 0 for any that is free.");

        return parts[0] switch
        {
            "" => throw Unfit("It names a host."),
            "0.0.0.0" => throw Unfit($"The listener does not take 0.0.0.0; use http://+:{port}/ with {nameof(McpHttpOptions.AllowedHosts)}."),
            var host => new HttpPrefix(host.ToLowerInvariant(), port),
        };

        ArgumentException Unfit(string why) => new($"'{prefix}' is no address to listen on. {why}", nameof(prefix));
    }
}
