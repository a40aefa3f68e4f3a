using System.Collections.Concurrent;

namespace OnlyMcp.Client.Inputs;

/// <summary>The web pages on which a user is not done yet, by the id under which the server will say so.</summary>
/// <remarks>Spec: 2025-11-25 client/elicitation §Completion Notifications for URL Mode Elicitation</remarks>
internal sealed class OpenPages
{
    /// <summary>A server that opens pages without end finds only so many remembered: then it is not heard about the others.</summary>
    private const int Capacity = 1_000;

    private readonly ConcurrentDictionary<string, TaskCompletionSource> pages = new(StringComparer.Ordinal);

    /// <summary>Remembers a page; the task completes when the user is done there.</summary>
    public Task Open(string id) => pages.Count < Capacity || pages.ContainsKey(id)
        ? pages.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
        : new TaskCompletionSource().Task;

    /// <summary>The user will not go there.</summary>
    public void Forget(string id) => pages.TryRemove(id, out _);

    /// <summary>MUST: what is told of an unknown id, or a second time, is ignored: then this is false.</summary>
    public bool Complete(string id) => pages.TryRemove(id, out var done) && done.TrySetResult();
}
