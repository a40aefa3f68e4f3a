using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>The name of an authorization server, which is also the address that its paths stand below.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security
/// Spec: 2025-03-26 basic/authorization §Authorization Base URL
/// </remarks>
internal sealed class Issuer
{
    private readonly OriginPolicy hosts;

    /// <exception cref="ArgumentException">It is no address that passwords and tokens may travel to.</exception>
    public Issuer(string text)
    {
        // MUST: every endpoint is served over https. Nobody listens in on what never leaves the machine.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.UserInfo.Length + uri.Query.Length + uri.Fragment.Length > 0
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && RedirectUri.IsLoopback(uri))))
        {
            throw new ArgumentException(
                $"'{text}' is no issuer: give an https address without query and fragment, such as https://login.example.com, or one of this machine.");
        }

        Uri = uri;
        Path = uri.AbsolutePath.TrimEnd('/');
        Text = WellKnown.Origin(uri) + Path;
        hosts = new OriginPolicy(new McpHttpOptions { AllowedHosts = [uri.Authority] }, []);
    }

    /// <summary>Its name, as everybody compares it: letter by letter, without a slash at the end.</summary>
    public string Text { get; }

    public Uri Uri { get; }

    /// <summary>What stands between the host and the paths of the endpoints; empty for nothing.</summary>
    public string Path { get; }

    public bool IsHttps => Uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>The address of one of its paths.</summary>
    public string Below(string path) => Text + path;

    /// <summary>A request's path as it stands below the issuer, whether or not a proxy has taken the issuer's own path off.</summary>
    public string Within(string path) =>
        Path.Length > 0 && path.StartsWith(Path + "/", StringComparison.Ordinal) ? path[Path.Length..] : path;

    /// <summary>A page of a foreign name that points here is no page of ours (DNS rebinding), and what it is shown is nobody's business.</summary>
    public bool IsHostOf(HttpExchange http) => hosts.IsForUs(http);
}
