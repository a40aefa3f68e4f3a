using Completion = OnlyMcp.Protocol.Schema.Completion;

namespace OnlyMcp.Server.Completions;

/// <summary>Ways to find the values that are proposed for what has been typed.</summary>
/// <remarks>Spec: 2026-07-28 server/utilities/completion §Completion Results</remarks>
internal static class Proposals
{
    /// <summary>The most values that one answer holds; MUST: 100.</summary>
    public const int Most = 100;

    /// <summary>Those of a list that begin with what has been typed, then those that hold it elsewhere; in capitals or not.</summary>
    public static Completer Among(IReadOnlyList<string> values) => (query, _) => new(Of(
    [
        .. values.Where(value => value.StartsWith(query.Value, StringComparison.OrdinalIgnoreCase)),
        .. values.Where(value => value.IndexOf(query.Value, StringComparison.OrdinalIgnoreCase) > 0),
    ]));

    /// <summary>What a function gives, in its order.</summary>
    public static Completer From(Func<CompletionQuery, IEnumerable<string>> values) => (query, _) => new(Of(values(query)));

    /// <summary>No more values than an answer may hold, and whether there are others.</summary>
    public static Completion Bounded(Completion completion) => completion.Values.Count <= Most
        ? completion
        : completion with
        {
            Values = [.. completion.Values.Take(Most)],
            Total = completion.Total ?? completion.Values.Count,
            HasMore = true,
        };

    // One more than fits tells whether there are more; how many there are is only told where that costs nothing.
    private static Completion Of(IEnumerable<string> values)
    {
        string[] first = [.. values.Take(Most + 1)];
        var isAll = first.Length <= Most;
        return new Completion
        {
            Values = isAll ? first : first[..Most],
            Total = isAll ? first.Length : values.TryGetNonEnumeratedCount(out var count) ? count : null,
            HasMore = !isAll,
        };
    }
}
