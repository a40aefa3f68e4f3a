using System.Globalization;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>The server wants a token, and none could be had: says at which step, what happened, and what to do.</summary>
/// <param name="step">How far it came.</param>
/// <param name="message">What happened and what to do; never a secret.</param>
/// <param name="innerException">What was the matter, if that was an exception.</param>
public sealed class AuthorizationException(AuthorizationStep step, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>How far it came.</summary>
    public AuthorizationStep Step { get; } = step;

    /// <summary>What the authorization server answered, if it refused in the words of OAuth.</summary>
    public OAuthError? Error { get; init; }

    /// <summary>Words of somebody else as they may stand in a message or a log: 200 characters at most, none of which control a terminal.</summary>
    internal static string Cite(string? words)
    {
        if (string.IsNullOrWhiteSpace(words))
            return "nothing";

        var cut = words.Length > 200 ? words[..200] + "..." : words;
        return string.Concat(cut.Select(letter => MayBeShown(letter) ? letter : ' '));
    }

    /// <summary>Neither what moves a cursor, nor what breaks lines or has them read from the other end.</summary>
    private static bool MayBeShown(char letter) => char.GetUnicodeCategory(letter) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}

/// <summary>The steps on the way to a token.</summary>
public enum AuthorizationStep
{
    /// <summary>Finding out which authorization server the MCP server trusts, and where its endpoints are.</summary>
    Discovery,

    /// <summary>Becoming a client that the authorization server knows.</summary>
    Registration,

    /// <summary>Sending the person there, and reading the answer that the browser brings back.</summary>
    SignIn,

    /// <summary>Asking for the token.</summary>
    Token,

    /// <summary>Asking for the next token.</summary>
    Refresh,

    /// <summary>Presenting the token to the MCP server, which refuses it or wants more.</summary>
    Access,
}
