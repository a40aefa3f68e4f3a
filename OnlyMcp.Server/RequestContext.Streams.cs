using OnlyMcp.Server.Http;

namespace OnlyMcp.Server;

public sealed partial class RequestContext
{
    /// <summary>
    /// Closes the connection on which the client waits for this request's answer, without ending the request: the client comes back
    /// for the answer after a time. Spares both sides a connection that is open for long while nothing happens. Does nothing where the
    /// client could not come back: on a pipe, and in revisions that do not have this.
    /// </summary>
    /// <remarks>
    /// What is sent from then on waits for the client, within the limits of <see cref="McpServerOptions.EventStore"/>.
    /// Spec: 2025-11-25 basic/transports §Sending Messages to the Server
    /// </remarks>
    /// <param name="retry">How long the client should wait, at most 24 days; <see cref="McpHttpOptions.RetryInterval"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or longer.</exception>
    public Task CloseStreamAsync(TimeSpan? retry = null)
    {
        if (retry is { } wait && !RetryTime.IsValid(wait))
            throw new ArgumentOutOfRangeException(nameof(retry), retry, $"The time to wait is {RetryTime.Range}.");

        lock (Exchange)
        {
            return completed || Exchange.Answer is not { } answer
                ? Task.CompletedTask
                : lastSend = CloseAfterAsync(lastSend, answer, retry);
        }
    }

    private static async Task CloseAfterAsync(Task before, HttpResponseStream answer, TimeSpan? retry)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await answer.CloseConnectionAsync(retry).ConfigureAwait(false);
    }
}
