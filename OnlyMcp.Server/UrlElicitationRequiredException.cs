using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server;

/// <summary>
/// Thrown by a handler that can do nothing before the client's user has done something on a web page, such as log in there.
/// </summary>
/// <remarks>
/// The client shows the page and sends its request again, when the user is done or says so; the handler looks for itself whether that is
/// so.
/// Spec: 2025-11-25 client/elicitation §URL Elicitation Required Error
/// Spec: 2026-07-28 client/elicitation §URL Mode Flow
/// </remarks>
/// <param name="key">Stands for the page, for <see cref="RequestContext.CompleteElicitationAsync"/>.</param>
/// <param name="message">What is wanted, and why, for the user.</param>
/// <param name="url">The page: https, or http for a test.</param>
public sealed class UrlElicitationRequiredException(string key, string message, Uri url)
    : JsonRpcException(ErrorCode.UrlElicitationRequired, message)
{
    /// <summary>Stands for the page.</summary>
    public string Key { get; } = key;

    /// <summary>The page.</summary>
    public Uri Url { get; } = new(InputRequests.PageOf(message, url).Url);

    /// <summary>The same as a question that the client is asked.</summary>
    /// <exception cref="MissingClientCapabilityException">The client did not declare that it opens pages.</exception>
    internal InputRequiredResult AsQuestion(RequestContext context) => context.OutcomeOf(new InputRequiredResult
    {
        InputRequests = new Dictionary<string, InputRequest> { [Key] = InputRequests.ElicitUrl(Message, Url) },
        RequestState = context.RequestState,
    });
}
