using System.Globalization;
using System.Text;

namespace OnlyMcp.Server.AuthorizationServers.Pages;

/// <summary>What a client is called on the pages: what it says of itself, without what could make it look like something else.</summary>
internal static class ClientName
{
    private const int MostLetters = 60;

    public static string Of(RegisteredClient client)
    {
        var name = Visible(client.Metadata.ClientName ?? "");
        return name.Length > 0 ? name : Visible(client.ClientId);
    }

    /// <summary>Where the client says it comes from, or where its document does; null if it does not say.</summary>
    public static string? HomeOf(RegisteredClient client) =>
        IsDocument(client) ? new Uri(client.ClientId).IdnHost
        : Uri.TryCreate(client.Metadata.ClientUri, UriKind.Absolute, out var home) && home.Scheme is "https" or "http" ? home.IdnHost : null;

    /// <summary>Whether a document at the client's own address says who it is, and so whoever owns that address.</summary>
    public static bool IsDocument(RegisteredClient client) => client.ClientId.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>Without control characters, and those that turn the direction of what follows.</summary>
    private static string Visible(string text)
    {
        var visible = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
                visible.Append(rune.ToString());
        }

        var name = visible.ToString().Trim();
        return name.Length <= MostLetters ? name : string.Concat(name.AsSpan(0, MostLetters).TrimEnd(), "…");
    }
}
