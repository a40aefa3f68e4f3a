using OnlyMcp.Client;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Tests.Support;

/// <summary>Somebody who listens to a server and is asked what came.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource stop = new();
    private readonly IAsyncEnumerator<ServerChange> changes;

    private Listener(McpClient client, SubscriptionFilter wanted, ListenOptions? options) =>
        changes = client.ListenAsync(wanted, options, stop.Token).GetAsyncEnumerator();

    /// <summary>What was granted last.</summary>
    public ListeningStarted Started { get; private set; } = null!;

    /// <summary>Listens, and waits until the server has said what it grants.</summary>
    public static async Task<Listener> StartAsync(McpClient client, SubscriptionFilter wanted, ListenOptions? options = null)
    {
        var listener = new Listener(client, wanted, options);
        listener.Started = (await listener.NextAsync()).Should().BeOfType<ListeningStarted>().Subject;
        return listener;
    }

    /// <summary>What comes next; null at the end.</summary>
    public async Task<ServerChange?> NextAsync() => await changes.MoveNextAsync().AsTask().WaitAsync(Patience) ? changes.Current : null;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await changes.DisposeAsync().AsTask().WaitAsync(Patience);
        stop.Dispose();
    }
}
