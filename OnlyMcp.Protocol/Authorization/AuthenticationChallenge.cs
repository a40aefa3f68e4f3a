using System.Text;

namespace OnlyMcp.Protocol.Authorization;

/// <summary>What a server asks for before it lets a request pass: one scheme of a <c>WWW-Authenticate</c> header, with what it says.</summary>
/// <remarks>
/// RFC 9110 §11.6.1, read with patience: some servers forget to escape, or to close a quotation.
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements
/// </remarks>
public sealed class AuthenticationChallenge
{
    /// <summary>How much of all header lines together is read, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private const int MaxChallenges = 20;
    private const int MaxParameters = 50;

    /// <summary>Makes a challenge to be sent.</summary>
    public AuthenticationChallenge(string scheme, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        Scheme = scheme;
        Parameters = Collect(parameters);
    }

    /// <summary>How to prove oneself: <c>Bearer</c>, <c>DPoP</c>, <c>Basic</c>. Letter case means nothing.</summary>
    public string Scheme { get; }

    /// <summary>What else is said, such as <c>resource_metadata</c> and <c>scope</c>; names in any case. The first of a name counts.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>One of <see cref="Parameters"/>; null if it is not there.</summary>
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>Whether the scheme is this one.</summary>
    public bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>MUST: reads the challenges of a response's header lines, several of which may stand in one. What cannot be read is left out.</summary>
    public static IReadOnlyList<AuthenticationChallenge> Parse(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var text = string.Join(", ", lines);
        return new Reader(text.Length > MaxLength ? text[..MaxLength] : text).ReadAll();
    }

    /// <summary>The challenge as it is sent.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Scheme);
        var separator = ' ';
        foreach (var (name, value) in Parameters)
        {
            text.Append(separator).Append(separator == ',' ? " " : "").Append(name).Append("=\"");
            foreach (var letter in value)
            {
                // A header holds visible ASCII; whatever else there is was meant for people, and a question mark tells them enough.
                if (letter is '"' or '\\')
                    text.Append('\\');
                text.Append(letter is >= ' ' and <= '~' ? letter : '?');
            }

            text.Append('"');
            separator = ',';
        }

        return text.ToString();
    }

    private static Dictionary<string, string> Collect(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var collected = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in parameters)
            collected.TryAdd(name, value);
        return collected;
    }

    /// <summary>Reads from left to right and never goes back, so that no text takes long.</summary>
    private ref struct Reader(string text)
    {
        private int at;

        public List<AuthenticationChallenge> ReadAll()
        {
            var challenges = new List<AuthenticationChallenge>();
            string? scheme = null;
            var parameters = new List<KeyValuePair<string, string>>();
            while (challenges.Count < MaxChallenges)
            {
                SkipSeparators();
                if (at == text.Length)
                    break;

                var word = ReadToken();
                if (word.Length == 0)
                {
                    at++; // No token begins so: whatever it is, what follows may be worth something.
                    continue;
                }

                if (scheme is not null && TryReadValue() is { } value)
                {
                    if (parameters.Count < MaxParameters)
                        parameters.Add(new(word, value));
                    continue;
                }

                Add();
                scheme = word;
                SkipToken68();
            }

            Add();
            return challenges;

            void Add()
            {
                if (scheme is not null && challenges.Count < MaxChallenges)
                    challenges.Add(new AuthenticationChallenge(scheme, parameters));
                parameters.Clear();
            }
        }

        private void SkipSeparators()
        {
            while (at < text.Length && text[at] is ' ' or '\t' or ',')
                at++;
        }

        private void SkipSpaces()
        {
            while (at < text.Length && text[at] is ' ' or '\t')
                at++;
        }

        private string ReadToken()
        {
            var start = at;
            at = EndOfToken(at);
            return text[start..at];
        }

        /// <summary>What stands behind an equals sign; null if none does, and the word before was a scheme.</summary>
        private string? TryReadValue()
        {
            var start = at;
            SkipSpaces();
            if (at == text.Length || text[at] != '=')
            {
                at = start;
                return null;
            }

            at++;
            SkipSpaces();
            return at < text.Length && text[at] == '"' ? ReadQuoted() : ReadBare();
        }

        private string ReadBare()
        {
            // Choice: a bare address is no token, yet some send it; it ends at the next comma or space.
            var start = at;
            while (at < text.Length && text[at] is not (',' or ' ' or '\t'))
                at++;
            return text[start..at];
        }

        private string ReadQuoted()
        {
            var value = new StringBuilder();
            for (at++; at < text.Length; at++)
            {
                if (text[at] == '\\' && at + 1 < text.Length)
                    value.Append(text[++at]);
                else if (text[at] != '"')
                    value.Append(text[at]);
                else if (EndsQuotation())
                    break;
                else
                    value.Append('"');
            }

            at = Math.Min(at + 1, text.Length);
            return value.ToString();
        }

        /// <summary>
        /// Choice: a quotation mark that somebody forgot to escape is one behind which nothing follows that could. What can follow is the
        /// end, another parameter, or behind a comma another scheme.
        /// </summary>
        private readonly bool EndsQuotation()
        {
            var next = at + 1;
            var comma = false;
            for (; next < text.Length && text[next] is ' ' or '\t' or ','; next++)
                comma |= text[next] == ',';
            if (next == text.Length)
                return true;

            var end = EndOfToken(next);
            if (end == next)
                return false;
            if (end == text.Length || text[end] == '=')
                return true;
            if (!comma || text[end] is not (' ' or ','))
                return false;

            // A word behind a comma is a scheme if it stands alone, or if a parameter or a value of its own follows.
            var second = end + 1;
            var endOfSecond = EndOfToken(second);
            return text[end] == ',' || (endOfSecond > second && (endOfSecond == text.Length || text[endOfSecond] is '=' or ','));
        }

        private readonly int EndOfToken(int from)
        {
            while (from < text.Length && IsTokenLetter(text[from]))
                from++;
            return from;
        }

        /// <summary>Behind a scheme there may be one value of its own in place of parameters, as in <c>Negotiate abc==</c>.</summary>
        private void SkipToken68()
        {
            var start = at;
            SkipSpaces();
            var first = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '.' or '_' or '~' or '+' or '/'))
                at++;
            while (at > first && at < text.Length && text[at] == '=')
                at++;
            var end = at;
            SkipSpaces();
            var isAlone = end > first && (at == text.Length || text[at] == ',');

            // A word that ends in one equals sign and a value behind it is a parameter.
            at = isAlone && !(text[end - 1] != '=' && first == start) ? end : start;
        }

        private static bool IsTokenLetter(char letter) =>
            char.IsAsciiLetterOrDigit(letter) || letter is '!' or '#' or '$' or '%' or '&' or '\'' or '*' or '+' or '-' or '.' or '^' or '_' or '`' or '|' or '~';
    }
}
