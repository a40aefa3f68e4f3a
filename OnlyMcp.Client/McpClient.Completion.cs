using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

// Spec: 2026-07-28 server/utilities/completion §CompleteRequest
public sealed partial class McpClient
{
    /// <summary>Asks how a value may go on that a user is typing: an argument of a prompt, or a part of a resource's address.</summary>
    /// <param name="reference">
    /// What the value is for, such as <c>new PromptReference { Name = "review" }</c> or
    /// <c>new ResourceTemplateReference { Uri = "file:///{path}" }</c>.
    /// </param>
    /// <param name="argument">The name of the argument, or of the part.</param>
    /// <param name="value">What has been typed, maybe nothing yet.</param>
    /// <param name="known">The other arguments that have their value already; null for none. Since 2025-06-18.</param>
    /// <param name="options">What this call wants differently.</param>
    /// <param name="cancellationToken">Ends the wait, and tells the server that the answer is no longer wanted.</param>
    /// <returns>Up to 100 values, the best one first.</returns>
    /// <exception cref="MissingServerCapabilityException">The server offers no completion.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error: it completes nothing, or knows no such prompt.</exception>
    /// <exception cref="ProtocolFaultException">The answer breaks the protocol.</exception>
    public async Task<Completion> CompleteAsync(
        CompletionReference reference,
        string argument,
        string value,
        IReadOnlyDictionary<string, string>? known = null,
        RequestOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentException.ThrowIfNullOrEmpty(argument);
        ArgumentNullException.ThrowIfNull(value);
        var asked = new CompleteRequestParams
        {
            Ref = reference,
            Argument = new CompletionArgument { Name = argument, Value = value },
            Context = known is null ? null : new CompletionContext { Arguments = known },
        };
        var parameters = JsonBody.Of(asked, McpJson.Wire.CompleteRequestParams);
        var result = await AskAsync(
            Methods.CompletionComplete, parameters, McpJson.Wire.CompleteResult, options, cancellationToken).ConfigureAwait(false);
        return result.Completion;
    }
}
