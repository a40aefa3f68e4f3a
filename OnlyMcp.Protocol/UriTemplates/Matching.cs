namespace OnlyMcp.Protocol.UriTemplates;

/// <summary>Finds how an address fills a template in.</summary>
/// <remarks>
/// Never tries one thing, then another: from the last part to the first, and from the address's end to its beginning, it notes where each
/// part can end if it starts here, once per part and character. Then it walks through the parts once, each taking as much as it can.
/// </remarks>
internal static class Matching
{
    public static IReadOnlyDictionary<string, UriValue>? Of(TemplatePart[] parts, string uri)
    {
        // Most addresses that belong elsewhere differ at the beginning.
        if (parts is [{ Literal: { } beginning }, ..] && !uri.StartsWith(beginning, StringComparison.Ordinal))
            return null;

        var ends = new int[parts.Length][];
        var after = Last(uri);
        for (var i = parts.Length - 1; i >= 0; i--)
            ends[i] = after = EndsOf(parts[i], uri, after);

        return after[0] < 0 ? null : Read(parts, uri, ends);
    }

    /// <summary>After the last part the address must be at its end.</summary>
    private static int[] Last(string uri)
    {
        var ends = new int[uri.Length + 1];
        Array.Fill(ends, -1);
        ends[uri.Length] = uri.Length;
        return ends;
    }

    /// <summary>For each place where a part could start: where it then ends so that the rest fits; -1 where there is no such end.</summary>
    private static int[] EndsOf(TemplatePart part, string uri, int[] after)
    {
        var ends = new int[uri.Length + 1];
        if (part.Literal is { } literal)
        {
            for (var at = 0; at <= uri.Length; at++)
                ends[at] = IsAt(literal, uri, at) && after[at + literal.Length] >= 0 ? at + literal.Length : -1;
            return ends;
        }

        for (var at = uri.Length; at >= 0; at--)
        {
            var goesOn = at < uri.Length && part.MayHold(uri[at]) ? ends[at + 1] : -1;
            ends[at] = goesOn >= 0 ? goesOn : after[at] >= 0 && !SplitsTriplet(uri, at) ? at : -1;
        }

        return part.Operator!.First is { } first ? AfterFirst(first, uri, ends, after) : ends;
    }

    /// <summary>The same where the expression begins with a character of its own, or is not there at all.</summary>
    private static int[] AfterFirst(char first, string uri, int[] values, int[] after)
    {
        var ends = new int[uri.Length + 1];
        for (var at = 0; at <= uri.Length; at++)
        {
            var present = at < uri.Length && uri[at] == first ? values[at + 1] : -1;
            ends[at] = present >= 0 ? present : after[at] >= 0 ? at : -1;
        }

        return ends;
    }

    private static Dictionary<string, UriValue>? Read(TemplatePart[] parts, string uri, int[][] ends)
    {
        var values = new Dictionary<string, UriValue>(StringComparer.Ordinal);
        var at = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var end = ends[i][at];
            if (parts[i].Operator is not null && end > at && !ExpressionValues.Read(parts[i], uri.AsSpan(at, end - at), values))
                return null;
            at = end;
        }

        return values;
    }

    private static bool IsAt(string literal, string uri, int at) => uri.AsSpan(at).StartsWith(literal, StringComparison.Ordinal);

    private static bool SplitsTriplet(string uri, int at) => (at > 0 && uri[at - 1] == '%') || (at > 1 && uri[at - 2] == '%');
}
