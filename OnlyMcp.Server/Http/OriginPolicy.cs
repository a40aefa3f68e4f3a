using System.Buffers;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Http;

// Spec: 2026-07-28 basic/transports/streamable-http §Security & Endpoint
/// <summary>Which names the server answers to, and which web pages may talk to it: the guard against DNS rebinding.</summary>
internal sealed class OriginPolicy
{
    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    private readonly HashSet<string> hosts = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };
    private readonly HashSet<string> origins = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An authority that was found to be the server's own: nearly every request names the same.</summary>
    private string? lastOwn;

    public OriginPolicy(McpHttpOptions options, IEnumerable<string> ownNames)
    {
        hosts.UnionWith(ownNames);
        hosts.UnionWith(options.AllowedHosts);
        origins.UnionWith(options.AllowedOrigins.Select(origin => origin.TrimEnd('/')));
    }

    /// <exception cref="RefusedRequestException">The request is addressed to another name, or comes from a foreign page (403).</exception>
    public void Check(HttpExchange http)
    {
        CheckHost(http);

        // MUST: the Origin header of every connection is validated, and an invalid one answered with 403.
        if (http.Header("Origin") is { } origin && !Allows(origin))
            throw Foreign("Origin", origin);
    }

    /// <exception cref="RefusedRequestException">The request is addressed to another name (403).</exception>
    public void CheckHost(HttpExchange http)
    {
        if (!IsForUs(http))
            throw Foreign("Host", http.TargetAuthority ?? http.Header("Host"));
    }

    /// <summary>Whether the request is addressed to one of the server's own names.</summary>
    public bool IsForUs(HttpExchange http) =>

        // A whole address in the request line has a host of its own, which some servers prefer to the header. Both must be ours.
        IsOwnHost(http.Header("Host")) && (http.TargetAuthority is not { } authority || IsOwnHost(authority));

    /// <summary>Whether a page of this origin may send requests.</summary>
    public bool Allows(string origin)
    {
        if (origins.Contains(origin))
            return origin != "null"; // Sandboxed frames and local files of anybody's all call themselves null.

        // Choice: pages that this machine itself serves are no strangers, whatever their port.
        var authority = origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? origin[7..]
            : origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? origin[8..] : "";
        return IsOwnHost(authority);
    }

    private bool IsOwnHost(string? authority)
    {
        if (authority is not null && authority == lastOwn)
            return true;
        if (!TrySplit(authority, out var name, out var port) || !(hosts.Contains(name) || (port.Length > 0 && hosts.Contains($"{name}:{port}"))))
            return false;

        lastOwn = authority;
        return true;
    }

    /// <summary>Takes a host and a port apart, and nothing that looks otherwise: no user, no list, no path.</summary>
    private static bool TrySplit(string? authority, out string name, out string port)
    {
        (name, port) = (authority ?? "", "");
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf(']'))
            (name, port) = (name[..colon], name[(colon + 1)..]);

        var bare = name.StartsWith('[') && name.EndsWith(']') ? name[1..^1].Replace(":", "", StringComparison.Ordinal) : name;
        if (name.EndsWith('.'))
            name = name[..^1]; // A name's final dot means the same name.

        return bare.Length > 0
            && !bare.AsSpan().ContainsAnyExcept(Letters)
            && port.Length <= 5 && !port.AsSpan().ContainsAnyExceptInRange('0', '9');
    }

    private static RefusedRequestException Foreign(string header, string? value) => new(
        403, ErrorCode.InvalidRequest, $"The {header} '{value}' is not allowed here. See {nameof(McpHttpOptions)}.Allowed{header}s.");
}
