using System.Threading.Channels;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>A client over some transport that sends the messages it is given, and takes what comes, from whatever stream.</summary>
internal abstract class PlayedClient : IAsyncDisposable
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<string> received = Channel.CreateUnbounded<string>();

    /// <summary>Sends the message of a turn, or an array of them.</summary>
    public abstract Task SendAsync(Turn turn);

    /// <summary>The next message of the server.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<string> NextAsync()
    {
        try
        {
            return await received.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        }
        catch (ChannelClosedException fault)
        {
            throw new EndOfStreamException("The server is gone.", fault.InnerException);
        }
    }

    /// <summary>Takes leave, and returns what came that nobody read.</summary>
    public async Task<IReadOnlyList<string>> RestAsync()
    {
        await LeaveAsync();
        received.Writer.TryComplete();
        return await received.Reader.ReadAllAsync().ToListAsync();
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Closes what can be closed so that what is still on its way arrives.</summary>
    protected abstract Task LeaveAsync();

    protected void Take(string message) => received.Writer.TryWrite(message);

    protected void End(Exception? fault = null) => received.Writer.TryComplete(fault);
}
