using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Eras;

/// <summary>Where a server is: what its verdict is remembered under, and how a conversation with it begins.</summary>
internal interface IServerAddress : IAsyncDisposable
{
    /// <summary>What the verdict is remembered under; null if the next server there may be another.</summary>
    string? Key { get; }

    /// <summary>The server's name in an error's message.</summary>
    string Name { get; }

    bool IsHttp { get; }

    /// <summary>A conversation in which the opening question can be asked.</summary>
    Task<ClientConversation> OpenAsync(ProbeStep.Try attempt, CancellationToken cancellationToken);
}

/// <summary>A URL: each approach is a conversation of its own.</summary>
internal sealed class HttpAddress(Uri uri, McpClientOptions options) : IServerAddress
{
    private readonly HttpEndpoint endpoint = new(uri, options);
    private ClientConversation? current;

    public string Key => endpoint.Uri.AbsoluteUri;

    public string Name => HttpEndpoint.Show(endpoint.Uri);

    public bool IsHttp => true;

    public async Task<ClientConversation> OpenAsync(ProbeStep.Try attempt, CancellationToken cancellationToken)
    {
        await CloseAsync().ConfigureAwait(false);
        var entrance = ClientEras.Of(attempt.Revision.Era);
        current = new ClientConversation(entrance.OverHttp(attempt.Approach, attempt.Revision, endpoint, options), Name, options)
        {
            Authorizer = endpoint.Authorizer,
        };
        endpoint.Authorizer?.Hold = current.Inbox.Conversation.Pending.Hold;
        await current.StartAsync(cancellationToken).ConfigureAwait(false);
        return current;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        endpoint.Dispose();
    }

    private ValueTask CloseAsync() => current?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A pipe: one conversation, in which every question is asked.</summary>
internal sealed class PipeAddress(Func<IClientTransport> transportOf, string? key, string name, McpClientOptions options) : IServerAddress
{
    private ClientConversation conversation = new(transportOf(), name, options);
    private bool started;

    public string? Key => key;

    public string Name => name;

    public bool IsHttp => false;

    public async Task<ClientConversation> OpenAsync(ProbeStep.Try attempt, CancellationToken cancellationToken)
    {
        if (!started)
            await conversation.StartAsync(cancellationToken).ConfigureAwait(false);
        started = true;
        return conversation;
    }

    /// <summary>Puts a new pipe in the place of one that has ended.</summary>
    public async Task RenewAsync()
    {
        var roots = conversation.Inputs.Roots;
        await conversation.DisposeAsync().ConfigureAwait(false);
        conversation = new ClientConversation(transportOf(), name, options);
        conversation.Inputs.Roots = roots;
        started = false;
    }

    public ValueTask DisposeAsync() => conversation.DisposeAsync();
}
