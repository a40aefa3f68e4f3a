using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace OnlyMcp.Client.Caching;

/// <summary>A name for whatever a client shows its server, which does not tell it: the same for the same, another for any other.</summary>
/// <remarks>Spec: 2026-07-28 server/utilities/caching §Cache Scope Field</remarks>
internal static class Credentials
{
    private static readonly ConditionalWeakTable<HttpMessageHandler, string> Handlers = [];

    /// <summary>Any header may hold credentials, and so may what a handler of the user's own adds.</summary>
    public static string NameOf(McpClientOptions options)
    {
        var text = new StringBuilder(options.HttpMessageHandler is { } handler ? Handlers.GetValue(handler, _ => Unique()) : "");
        foreach (var (name, value) in options.Headers.OrderBy(header => header.Key, StringComparer.Ordinal))
            text.Append('\n').Append(name.Length).Append(':').Append(name).Append(value.Length).Append(':').Append(value);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>A name that nobody else has.</summary>
    public static string Unique() => Guid.NewGuid().ToString("N");
}
