using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Completions;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>completion/complete</c>: values for an argument of a prompt, or for a variable of a resource template.</summary>
/// <remarks>Spec: 2026-07-28 server/utilities/completion §Requesting Completions</remarks>
internal sealed class CompletionCompleteHandler(McpServer server)
{
    private static readonly Dictionary<string, string> NoArguments = [];

    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        // SHOULD: -32601 from a server that completes nothing.
        if (!server.OffersCompletions)
            throw new MethodNotFoundException(request.Method);

        // MUST: completion is rate limited.
        await McpServer.RequireRateAsync(server.Options.CompletionLimiter, context, cancellationToken).ConfigureAwait(false);
        var asked = RequestParameters.Read(request, McpJson.Wire.CompleteRequestParams);
        var target = CompletionTarget.Of(asked.Ref, server)
            ?? throw new JsonRpcException(ErrorCode.InvalidParams, $"There is no {CompletionTarget.InWords(asked.Ref)}.");
        context.RequireScopes(target.Scopes);
        if (!target.Arguments.Contains(asked.Argument.Name))
            throw new JsonRpcException(ErrorCode.InvalidParams, target.NoSuchArgument(asked.Argument.Name));

        if (target.Completions.Of(asked.Argument.Name) is not { } complete)
            return new CompleteResult { Completion = new() { Values = [] } };

        // MUST: at most a hundred values.
        var query = new CompletionQuery(asked.Argument.Value, asked.Context?.Arguments ?? NoArguments, context);
        var proposed = await complete(query, cancellationToken).ConfigureAwait(false)
            ?? throw new WrongResultException($"What completes '{asked.Argument.Name}' of the {target.Name} answered with null, where a Completion belongs.");
        return new CompleteResult { Completion = Proposals.Bounded(proposed) };
    }
}
