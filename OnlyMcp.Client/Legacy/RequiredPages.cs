using System.Text.Json;
using OnlyMcp.Client.Inputs;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>
/// A server may refuse a request until the user has been on some web pages: asks the user, waits, and sends the request again.
/// </summary>
/// <remarks>
/// Spec: 2025-11-25 client/elicitation §URL Elicitation Required Error
/// Spec: 2025-11-25 client/elicitation §Completion Notifications for URL Mode Elicitation
/// </remarks>
internal sealed class RequiredPages(ClientConversation conversation, LegacyEra era)
{
    private McpClientOptions Options => conversation.Options;

    /// <summary>Asks, and asks again once the user is done on the pages that the server named.</summary>
    public async ValueTask<JsonBody> RunAsync(string method, Func<ValueTask<JsonBody>> ask, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round++)
        {
            try
            {
                return await ask().ConfigureAwait(false);
            }
            catch (JsonRpcException error) when (error.Code == ErrorCode.UrlElicitationRequired)
            {
                var pages = Read(method, error);
                if (Options.OnElicitUrl is null)
                    throw new ElicitUrlRequiredException(method, "Set McpClientOptions.OnElicitUrl to ask the user.", pages, error);
                if (round == Options.Limits.MaxInputRounds)
                    throw new ElicitUrlRequiredException(method, "It still does after ClientLimits.MaxInputRounds.", pages, error);
                if (await VisitAsync(FindHandlers(method, error, pages), pages, cancellationToken).ConfigureAwait(false) is { } reason)
                    throw new ElicitUrlRequiredException(method, reason, pages, error);
            }
        }
    }

    /// <summary>Takes the news that the user is done on a page.</summary>
    public bool Receive(JsonRpcNotification notification)
    {
        if (notification.Method != Methods.ElicitationComplete)
            return false;

        var id = notification.Params.Read(McpJson.Wire.ElicitationCompleteNotificationParams).ElicitationId;
        if (conversation.Inputs.Pages.Complete(id) && Options.OnElicitUrlComplete is { } tell)
            conversation.Inbox.Conversation.Notifications.Add(() =>
            {
                tell(id);
                return ValueTask.CompletedTask;
            });
        return true;
    }

    private IReadOnlyList<ElicitRequestUrlParams> Read(string method, JsonRpcException error)
    {
        try
        {
            var pages = error.Error.Data.Read(McpJson.Wire.UrlElicitationRequiredErrorData).Elicitations;

            // MUST: each has an id, and there is at least one, or nothing would be waited for.
            if (pages.Count > 0 && pages.Count <= Options.Limits.MaxInputRequests && pages.All(page => page.ElicitationId is not null))
                return pages;
        }
        catch (JsonException fault)
        {
            throw Fault(method, error, fault);
        }

        throw Fault(method, error, null);
    }

    private InputHandler[] FindHandlers(string method, JsonRpcException error, IReadOnlyList<ElicitRequestUrlParams> pages)
    {
        try
        {
            return [.. pages.Select(conversation.Inputs.Page)];
        }
        catch (BadInputRequestException fault)
        {
            throw Fault(method, error, fault);
        }
    }

    /// <summary>Sends the user to page after page; returns why that did not work, or null.</summary>
    private async Task<string?> VisitAsync(
        InputHandler[] handlers, IReadOnlyList<ElicitRequestUrlParams> pages, CancellationToken cancellationToken)
    {
        var open = conversation.Inputs.Pages;
        var done = Task.WhenAll(pages.Select(page => open.Open(page.ElicitationId!)));
        try
        {
            foreach (var handler in handlers)
            {
                if (await handler(era.Context, cancellationToken).ConfigureAwait(false) is not ElicitResult { Action: ElicitAction.Accept })
                    return "The user did not agree to open one.";
            }

            return await IsInTimeAsync(done, cancellationToken).ConfigureAwait(false)
                ? null
                : $"The user was not done within {Options.ElicitUrlTimeout.TotalSeconds:0.###} s (McpClientOptions.ElicitUrlTimeout).";
        }
        finally
        {
            foreach (var page in pages)
                open.Forget(page.ElicitationId!);
        }
    }

    /// <summary>MAY: the server tells when the user is done, else whoever runs the client does.</summary>
    private async Task<bool> IsInTimeAsync(Task done, CancellationToken cancellationToken)
    {
        try
        {
            await done.WaitAsync(Options.ElicitUrlTimeout, Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static ProtocolFaultException Fault(string method, JsonRpcException error, Exception? cause) => new(
        $"The server refuses '{method}' until the user has been on web pages, and does not name them by http or https URLs with ids.",
        error.Error.Data.ToUtf8().Span,
        cause);
}
