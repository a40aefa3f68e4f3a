using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Tasks;

/// <summary>How often a server is asked about a task, and again when the way to it broke or it was asked too often.</summary>
/// <remarks>
/// Spec: ext-tasks tasks §Task Polling
/// Spec: 2025-11-25 basic/utilities/tasks §TTL and Resource Management
/// </remarks>
internal sealed class TaskPace(IClientEra era, McpClientOptions client, CancellationToken disposing)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    private readonly ClientTaskOptions options = client.Tasks;
    private long? failingSince;
    private TimeSpan pause = FirstPause;

    private TimeProvider Time => client.TimeProvider;

    /// <summary>SHOULD: the server says how often. What would be a storm, or as good as never, is not taken at its word.</summary>
    public TimeSpan IntervalOf(TaskSnapshot task) => Bounded(task.PollInterval ?? options.PollInterval);

    /// <summary>Waits.</summary>
    /// <exception cref="TransportClosedException">The client was disposed.</exception>
    public async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, disposing);
        try
        {
            await Task.Delay(time, Time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (disposing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TransportClosedException("The client was disposed.");
        }
    }

    /// <summary>Asks, and asks again after pauses that grow while what goes wrong may pass, up to the time that the options allow.</summary>
    /// <param name="ask">What to ask.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="mayFail">Tells what goes wrong on the way from an error that is the answer.</param>
    public async Task<T> TryAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken, Func<Exception, bool>? mayFail = null)
    {
        while (true)
        {
            TimeSpan wait;
            try
            {
                var answer = await ask().ConfigureAwait(false);
                (failingSince, pause) = (null, FirstPause);
                return answer;
            }
            catch (ObjectDisposedException) when (disposing.IsCancellationRequested)
            {
                throw new TransportClosedException("The client was disposed.");
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested && (mayFail ?? MayPass)(fault) && IsPatient())
            {
                wait = NextPause(fault);
            }

            await WaitAsync(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The same where an error may be what the task came to: then the transport alone tells.</summary>
    public bool MayPassOnTheWay(Exception fault) => fault is not JsonRpcException { ReceivedHttpStatus: 200 } && MayPass(fault);

    /// <summary>Whether asking again may help. A pipe that is gone stays so, and one that was opened again has been asked again.</summary>
    public bool MayPass(Exception fault) => !disposing.IsCancellationRequested && era.CanListenAgain && fault switch
    {
        JsonRpcException { ReceivedHttpStatus: 429 or >= 500 } or JsonRpcException { Code: ErrorCode.RateLimited } => true,
        HttpStatusException { Status: 408 or 429 or >= 500 } => true,
        TransportClosedException => era.Conversation.Transport.HasResponseStreams,
        ProtocolFaultException broken => broken.IsCutShort,
        RequestTimedOutException or SessionLostException => true,
        _ => false,
    };

    private bool IsPatient()
    {
        failingSince ??= Time.GetTimestamp();
        return options.GiveUpAfter == Timeout.InfiniteTimeSpan || Time.GetElapsedTime(failingSince.Value) < options.GiveUpAfter;
    }

    private TimeSpan NextPause(Exception fault)
    {
        var next = pause * (0.5 + Random.Shared.NextDouble());
        pause = Bounded(pause * 2);

        // Choice: a server that wants to be left alone for hours is asked once a minute all the same, or nobody would learn the result.
        return RetryAfter(fault) is { } asked && Bounded(asked) > next ? Bounded(asked) : next;
    }

    private TimeSpan Bounded(TimeSpan time)
    {
        var most = time > options.MaxPollInterval ? options.MaxPollInterval : time;
        return most < options.MinPollInterval ? options.MinPollInterval : most;
    }

    private static TimeSpan? RetryAfter(Exception fault) => fault switch
    {
        HttpStatusException status => status.RetryAfter,
        JsonRpcException refusal => refusal.ReceivedRetryAfter ?? RetryAfterIn(refusal.Error.Data),
        _ => null,
    };

    /// <summary>Over a pipe a server can say so in the error alone: in seconds, as ours do.</summary>
    private static TimeSpan? RetryAfterIn(JsonBody data) =>
        !data.IsAbsent
        && data.ToElement() is { ValueKind: System.Text.Json.JsonValueKind.Object } members
        && members.TryGetProperty("retryAfter", out var wait)
        && wait.ValueKind == System.Text.Json.JsonValueKind.Number && wait.TryGetDouble(out var seconds) && seconds is > 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
