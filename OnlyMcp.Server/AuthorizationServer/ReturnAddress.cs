using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Where the browser takes the answer, after it was proven to be the client's.</summary>
/// <param name="RedirectUri">The client's address.</param>
/// <param name="State">What the client wants to hear again; null for nothing.</param>
/// <param name="Issuer">Who answers.</param>
internal sealed record ReturnAddress(string RedirectUri, string? State, string Issuer)
{
    /// <summary>The host that the person is taken to, or the scheme that a program of his machine has claimed.</summary>
    public string Host => Address.Scheme == Uri.UriSchemeHttps || Address.Scheme == Uri.UriSchemeHttp ? Address.Authority : $"{Address.Scheme}:";

    /// <summary>Whether that is a program of the person's own machine, which could be any.</summary>
    public bool IsLoopback => Address.Scheme != Uri.UriSchemeHttps || AuthorizationServers.RedirectUri.IsLoopback(Address);

    private Uri Address => new(RedirectUri);

    /// <summary>The address with a code.</summary>
    public string WithCode(string code) => With($"code={Uri.EscapeDataString(code)}");

    /// <summary>The address with an error.</summary>
    public string WithError(OAuthException error) =>
        With($"error={Uri.EscapeDataString(error.Error)}&error_description={Uri.EscapeDataString(error.Message)}");

    /// <summary>SHOULD: the answer names its issuer, an error too, so that a client of several servers does not mix them up (RFC 9207).</summary>
    private string With(string answer)
    {
        // What the client's address has for a query of its own stays.
        var separator = RedirectUri.Contains('?', StringComparison.Ordinal) ? RedirectUri[^1] is '?' or '&' ? "" : "&" : "?";
        var state = State is null ? "" : $"&state={Uri.EscapeDataString(State)}";
        return $"{RedirectUri}{separator}{answer}{state}&iss={Uri.EscapeDataString(Issuer)}";
    }
}
