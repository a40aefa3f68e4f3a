using System.Globalization;
using System.Text;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>The parameters of a request, out of a query or a form. One without a value counts as absent; none stands twice but the resource.</summary>
/// <remarks>
/// RFC 6749 §3.1 and §3.2: a parameter is sent once, and one that nobody knows is ignored. RFC 8707 §2: several resources may be named.
/// </remarks>
internal sealed class OAuthParameters
{
    private const int MostParameters = 100;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly List<string> resources = [];

    /// <summary>What is asked for by name; null if it is not there.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>The resources that a token should be for.</summary>
    public IReadOnlyList<string> Resources => resources;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => values.Count == 0 && resources.Count == 0;

    /// <summary>The parameters of a query, or of a form in the same coding.</summary>
    /// <exception cref="OAuthException">One stands twice, is no text, or there are too many.</exception>
    public static OAuthParameters Parse(string encoded)
    {
        var parameters = new OAuthParameters();
        foreach (var pair in encoded.Split('&', MostParameters + 1))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                parameters.Add(Decode(pair.AsSpan(0, equals)), Decode(pair.AsSpan(equals + 1)));
        }

        return parameters;
    }

    /// <summary>The value of a parameter that must be there.</summary>
    /// <exception cref="OAuthException">It is not.</exception>
    public string Require(string name) =>
        this[name] ?? throw new OAuthException(OAuthErrorCode.InvalidRequest, $"The parameter '{name}' is missing.");

    /// <summary>All of them, as a query.</summary>
    public string ToQuery() => string.Join('&', values.Concat(resources.Select(resource => KeyValuePair.Create("resource", resource)))
        .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    /// <summary>Takes one more in.</summary>
    /// <exception cref="OAuthException">It is there already, or there are too many.</exception>
    public void Add(string name, string value)
    {
        if (value.Length == 0)
            return;
        if (values.Count + resources.Count == MostParameters)
            throw new OAuthException(OAuthErrorCode.InvalidRequest, $"There are more than {MostParameters} parameters.");

        if (name == "resource")
            resources.Add(value);
        else if (!values.TryAdd(name, value))
            throw new OAuthException(OAuthErrorCode.InvalidRequest, "A parameter stands twice; each is sent once.");
    }

    /// <summary>
    /// The text of something that is encoded as a form's values are. Not Uri.UnescapeDataString, which lets through what is no text, so that
    /// two readers could read it in two ways.
    /// </summary>
    /// <exception cref="OAuthException">It is not encoded so.</exception>
    public static string Decode(ReadOnlySpan<char> encoded)
    {
        try
        {
            var bytes = new byte[encoded.Length];
            var count = 0;
            for (var at = 0; at < encoded.Length; at++)
            {
                bytes[count++] = encoded[at] switch
                {
                    '+' => (byte)' ',
                    '%' => byte.Parse(encoded.Slice(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    var letter => char.IsAscii(letter) ? (byte)letter : throw new FormatException(),
                };
                at += encoded[at] == '%' ? 2 : 0;
            }

            return StrictUtf8.GetString(bytes, 0, count);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            throw new OAuthException(OAuthErrorCode.InvalidRequest, "A parameter is not encoded as application/x-www-form-urlencoded wants it.");
        }
    }
}
