using System.Collections.Immutable;

namespace OnlyMcp.Protocol.Authorization;

/// <summary>What a token allows, or a request needs: words without order, separated by spaces on the wire, compared letter by letter.</summary>
/// <remarks>
/// RFC 6749 §3.3.
/// Spec: 2026-07-28 basic/authorization §Scope Selection Strategy
/// </remarks>
public static class ScopeSet
{
    /// <summary>How many scopes are looked at; what comes after is left out.</summary>
    public const int MaxCount = 200;

    /// <summary>How long a scope may be, in characters.</summary>
    public const int MaxLength = 200;

    /// <summary>No scope at all.</summary>
    public static ImmutableSortedSet<string> Empty { get; } = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    /// <summary>The scopes in a text of the wire; what is no scope is left out. Null counts as empty.</summary>
    public static ImmutableSortedSet<string> Parse(string? text) =>
        text is null ? Empty : Of(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The scopes in a list; what is no scope is left out. Null counts as empty.</summary>
    public static ImmutableSortedSet<string> Of(IEnumerable<string?>? scopes) =>
        scopes is null ? Empty : Empty.Union(scopes.OfType<string>().Where(IsScope).Take(MaxCount));

    /// <summary>The text of the wire.</summary>
    public static string Format(IEnumerable<string> scopes) => string.Join(' ', scopes);

    /// <summary>Whether a word can be a scope: visible ASCII without quotation mark and backslash.</summary>
    public static bool IsScope(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Length is 0 or > MaxLength)
            return false;

        foreach (var letter in word)
        {
            if (letter is < '!' or > '~' or '"' or '\\')
                return false;
        }

        return true;
    }
}
