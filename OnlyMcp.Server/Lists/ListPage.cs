using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Lists;

/// <summary>A page of a list that many requests are answered with: what handlers return for it, and its bytes as each revision has them.</summary>
/// <param name="answer">What handlers return.</param>
/// <param name="told">What is told of each thing on the page.</param>
/// <param name="budget">What may still be kept of the list.</param>
internal sealed class ListPage(Result answer, IReadOnlyList<object> told, ByteBudget budget)
{
    private readonly Lock gate = new();
    private volatile Wording[] wordings = [];
    private volatile bool isTooLong;

    public Result Answer => answer;

    public IReadOnlyList<object> Told => told;

    /// <summary>How the page is written; null if it has not been yet, or if a middleware has made something else of it.</summary>
    /// <param name="result">What is to be answered.</param>
    /// <param name="revision">The revision that it is answered in.</param>
    /// <param name="marked">What else the words depend on: each revision knows at most one such thing.</param>
    public JsonBody? Find(Result result, Revision revision, bool marked)
    {
        if (ReferenceEquals(result, answer))
        {
            foreach (var wording in wordings)
            {
                if (wording.Revision == revision && wording.Marked == marked)
                    return wording.Content;
            }
        }

        return null;
    }

    /// <summary>Keeps how the page is written, if there is room for that; returns it as it is to be sent.</summary>
    public JsonBody Keep(JsonBody content, Result result, Revision revision, bool marked)
    {
        if (isTooLong || !ReferenceEquals(result, answer))
            return content;

        content = content.WithBytes();
        lock (gate)
        {
            if (Find(result, revision, marked) is { } written)
                return written;

            isTooLong = !budget.Take(content.ToUtf8().Length);
            if (!isTooLong)
                wordings = [.. wordings, new Wording(revision, marked, content)];
        }

        return content;
    }

    private sealed record Wording(Revision Revision, bool Marked, JsonBody Content);
}
