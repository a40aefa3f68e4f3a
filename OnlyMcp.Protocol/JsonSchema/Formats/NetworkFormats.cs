using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Addresses: JSON Schema 2020-12 Validation §7.3.2, §7.3.4 and §7.3.5.</summary>
internal static partial class NetworkFormats
{
    /// <summary>RFC 5321 §4.1.2: a dot-string or a quoted string, then a domain or an address literal.</summary>
    public static bool IsEmail(string text)
    {
        var match = Email().Match(text);
        if (!match.Success || !match.Groups["literal"].Success)
            return match.Success;
        var literal = match.Groups["literal"].Value;
        return literal.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? IsIpv6(literal[5..]) : IsIpv4(literal);
    }

    /// <summary>RFC 2673 §3.2: four decimal numbers, none with a leading zero.</summary>
    public static bool IsIpv4(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 4 && parts.All(part =>
            byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && part == value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>RFC 4291 §2.2, without a zone.</summary>
    public static bool IsIpv6(string text)
        => Ipv6Characters().IsMatch(text)
            && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            && (!text.Contains('.', StringComparison.Ordinal) || IsIpv4(text[(text.LastIndexOf(':') + 1)..]));

    /// <summary>RFC 3986 §4.3, a fragment allowed.</summary>
    public static bool IsUri(string text) => Scheme().IsMatch(text) && IsUriReference(text);

    /// <summary>RFC 3986 §4.1.</summary>
    public static bool IsUriReference(string text)
    {
        var match = UriReference().Match(text);
        if (!match.Success)
            return false;
        var host = match.Groups["ipv6"];
        return !host.Success || IsIpv6(host.Value) || FutureAddress().IsMatch(host.Value);
    }

    [GeneratedRegex("""^([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|"([ !#-\[\]-~]|\\[ -~])*")@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[(?<literal>[^\]]+)\])\z""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Email();

    [GeneratedRegex(@"^[0-9A-Fa-f:.]{2,45}\z")]
    private static partial Regex Ipv6Characters();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+\z")]
    private static partial Regex FutureAddress();

    // scheme, authority (user, host, port), path, query, fragment; what stands before a colon in the first segment is a scheme.
    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*:|(?![^/?#]*:))(//(([A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?(\[(?<ipv6>[^\]]*)\]|([A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(:[0-9]*)?(?=[/?#]|\z))?([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*(\?([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?(#([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UriReference();
}
