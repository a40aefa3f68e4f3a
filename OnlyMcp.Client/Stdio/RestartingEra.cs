using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Stdio;

/// <summary>A conversation with a process that is started again when it has ended by itself: the next one goes on in its place.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/stdio §Unexpected Termination</remarks>
internal sealed class RestartingEra(IClientEra first, PipeAddress address, McpClientOptions options, RestartOptions restart) : IClientEra
{
    private readonly RestartBudget budget = new(restart, options.TimeProvider);
    private readonly SemaphoreSlim restarting = new(1);
    private readonly CancellationTokenSource disposed = new();
    private volatile IClientEra current = first;

    public Revision Revision => current.Revision;

    public ClientConversation Conversation => current.Conversation;

    public ServerDescription Server => current.Server;

    public ValueTask<JsonBody> AskAsync(string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken) =>
        AskAsync(method, parameters, era => era.AskAsync(method, parameters, options, cancellationToken), cancellationToken);

    public Task PingAsync(RequestOptions options, CancellationToken cancellationToken) => AskAsync(
        Methods.Ping,
        default,
        async era =>
        {
            await era.PingAsync(options, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken).AsTask();

    // MUST: the new process knows of no subscription; it is asked again.
    public async Task ListenAsync(Subscriber subscriber, CancellationToken cancellationToken)
    {
        var era = current;
        if (era.Conversation.HasEnded)
            era = await RestartAsync(era, new TransportClosedException("The server's process has ended."), cancellationToken).ConfigureAwait(false);
        await era.ListenAsync(subscriber, cancellationToken).ConfigureAwait(false);
    }

    public bool CanListenAgain => !disposed.IsCancellationRequested;

    public IReadOnlyList<Tool> Take(IReadOnlyList<Tool> tools) => current.Take(tools);

    public ITaskForm Tasks => current.Tasks;

    public object? Session => current.Session;

    public bool MayRepeat(string method, JsonBody parameters, bool wasSent) => current.MayRepeat(method, parameters, wasSent);

    public async ValueTask DisposeAsync()
    {
        // Whoever is starting the server again stops, and nobody begins any more.
        await disposed.CancelAsync().ConfigureAwait(false);
        await restarting.WaitAsync().ConfigureAwait(false);
        await current.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<T> AskAsync<T>(string method, JsonBody parameters, Func<IClientEra, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        var asked = current;
        var hadEnded = asked.Conversation.HasEnded;
        TransportClosedException reason;
        try
        {
            return await ask(asked).ConfigureAwait(false);
        }
        catch (TransportClosedException fault) when (!disposed.IsCancellationRequested)
        {
            reason = fault;
        }

        var next = await RestartAsync(asked, reason, cancellationToken).ConfigureAwait(false);
        return asked.MayRepeat(method, parameters, wasSent: !hadEnded)
            ? await ask(next).ConfigureAwait(false)
            : throw new SessionLostException(method, reason);
    }

    /// <summary>Starts the process again, once for all who lost an answer with it.</summary>
    private async Task<IClientEra> RestartAsync(IClientEra lost, TransportClosedException reason, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, disposed.Token);
        await EnterAsync(reason, cancellationToken, either.Token).ConfigureAwait(false);
        try
        {
            if (current != lost)
                return current;

            await Task.Delay(budget.Take(reason), options.TimeProvider, either.Token).ConfigureAwait(false);
            await address.RenewAsync().ConfigureAwait(false);
            current = await new EraSearch(address, options).RunAsync(either.Token).ConfigureAwait(false);
            await lost.DisposeAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (disposed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TransportClosedException("The client was disposed.", reason);
        }
        finally
        {
            restarting.Release();
        }

        Tell(reason);
        return current;
    }

    private async Task EnterAsync(TransportClosedException reason, CancellationToken callers, CancellationToken either)
    {
        try
        {
            await restarting.WaitAsync(either).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!callers.IsCancellationRequested)
        {
            throw new TransportClosedException("The client was disposed.", reason);
        }
    }

    private void Tell(TransportClosedException reason)
    {
        var inbox = Conversation.Inbox;
        inbox.Tell(() => restart.OnRestarted?.Invoke(reason));
        if (Revision.Era == Era.Legacy)
            inbox.Tell(options.OnSessionLost);
    }
}
