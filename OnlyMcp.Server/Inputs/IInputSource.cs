using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Inputs;

/// <summary>
/// How the handlers of an era get answers from their client: by waiting in place, or by running again with what it answered.
/// </summary>
internal interface IInputSource
{
    /// <summary>What is known when a request begins; made when it first matters.</summary>
    RequestInputs Begin(RequestContext context);

    /// <summary>Takes what came with a request that was sent before and is now sent again.</summary>
    /// <exception cref="Protocol.JsonRpc.JsonRpcException">The state is not one to go on from.</exception>
    void Resume(RequestContext context, IReadOnlyDictionary<string, JsonElement>? responses, string? requestState);
}

/// <summary>Asks the client while the handler waits in place.</summary>
internal interface IInputChannel
{
    /// <summary>Asks, and waits for the client's result.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">Stands for the question.</param>
    /// <param name="question">The question.</param>
    /// <param name="check">
    /// Says what is wrong with an answer beyond what the question's own schema says, for a channel that can have the client try again;
    /// null for nothing.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<JsonElement> AskAsync(
        RequestContext context, string key, InputRequest question, Func<JsonElement, string?>? check, CancellationToken cancellationToken);

    /// <summary>The same for a handler that has stopped, and runs again when all that it asked is answered.</summary>
    Task<JsonElement> AskInRoundAsync(RequestContext context, string key, InputRequest question, CancellationToken cancellationToken) =>
        AskAsync(context, key, question, null, cancellationToken);

    /// <summary>Keeps what the handler's next run knows, before it begins.</summary>
    Task EndRoundAsync(RequestContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Tells the client that the user is done on the page that was asked for under this key; nothing where it waits for no such news.
    /// </summary>
    Task CompleteElicitationAsync(RequestContext context, string key, CancellationToken cancellationToken);

    /// <summary>Keeps the result of what runs once, where the handler may run again without its stack.</summary>
    Task KeepAsync(RequestContext context, string key, JsonElement value, CancellationToken cancellationToken) => Task.CompletedTask;
}
