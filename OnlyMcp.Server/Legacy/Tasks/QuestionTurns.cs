using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OnlyMcp.Server.Legacy.Tasks;

/// <summary>
/// Which of the requests that wait for a task asks its client a question: one at a time, and none that its client has left.
/// </summary>
/// <remarks>Spec: 2025-11-25 basic/utilities/tasks §Input Required Status</remarks>
internal sealed class QuestionTurns(TimeProvider time)
{
    /// <summary>That a client has left shows late: who waits for its turn looks again so often.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string TaskId, string Key), QuestionTurn> turns = new();

    /// <summary>Waits for the turn, which lasts until it is disposed.</summary>
    public async Task<QuestionTurn> TakeAsync(string taskId, string key, RequestContext request, CancellationToken cancellationToken)
    {
        var own = new QuestionTurn(turns, (taskId, key), request);
        while (turns.GetOrAdd((taskId, key), own) is var held && held != own)
        {
            held.GiveWay();
            await held.Ended.WaitAsync(LookAgain, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return own;
    }
}

/// <summary>The turn of a request to ask.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no linked source: it holds nothing to give back.")]
internal sealed class QuestionTurn(
    ConcurrentDictionary<(string TaskId, string Key), QuestionTurn> turns, (string TaskId, string Key) place, RequestContext request)
    : IDisposable
{
    private readonly CancellationTokenSource givenUp = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Is cancelled when another has to ask, because this one's client has left.</summary>
    public CancellationToken GivenUp => givenUp.Token;

    /// <summary>Completes when the turn is over.</summary>
    public Task Ended => ended.Task;

    /// <summary>Another waits for it.</summary>
    public void GiveWay()
    {
        if (TaskWaits.IsLost(request))
            _ = givenUp.CancelAsync();
    }

    public void Dispose()
    {
        turns.TryRemove(new(place, this));
        ended.TrySetResult();
    }
}
