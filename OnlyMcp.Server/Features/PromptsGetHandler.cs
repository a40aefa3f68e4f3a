using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>prompts/get</c>: finds the prompt, holds the arguments against its definition, fills it in.</summary>
/// <remarks>Spec: 2026-07-28 server/prompts §Getting a Prompt</remarks>
internal sealed class PromptsGetHandler(McpServer server)
{
    private static readonly Dictionary<string, string> NoArguments = [];

    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!server.OffersPrompts)
            throw new MethodNotFoundException(request.Method);

        var get = RequestParameters.Read(request, McpJson.Wire.GetPromptRequestParams);
        context.Resume(get.InputResponses, get.RequestState);
        if (!server.Prompts.TryFind(get.Name, out var prompt))
            throw Invalid($"Unknown prompt: '{get.Name}'. prompts/list names those that are here.");

        context.RequireScopes(prompt.Scopes);
        var arguments = get.Arguments ?? NoArguments;
        Check(arguments, prompt.Definition);
        try
        {
            var given = await prompt.GetAsync(arguments, context, cancellationToken).ConfigureAwait(false);
            return context.OutcomeOf<GetPromptResult>(given, "prompt", prompt.Name);
        }
        catch (Exception) when (context.IsInterrupted && !cancellationToken.IsCancellationRequested)
        {
            return context.Interruption();
        }
        catch (InvalidToolInputException fault)
        {
            throw new JsonRpcException(ErrorCode.InvalidParams, fault.Message, fault);
        }
    }

    // SHOULD: arguments are validated before anything is done with them.
    private static void Check(IReadOnlyDictionary<string, string> arguments, Prompt prompt)
    {
        var known = prompt.Arguments ?? [];
        foreach (var argument in known)
        {
            if (argument.Required == true && !arguments.ContainsKey(argument.Name))
                throw Invalid($"The prompt '{prompt.Name}' needs the argument '{argument.Name}' ({argument.Description ?? "a text"}).");
        }

        if (arguments.Keys.FirstOrDefault(name => known.All(argument => argument.Name != name)) is { } unknown)
        {
            var names = known.Count == 0 ? "none" : $"'{string.Join("', '", known.Select(argument => argument.Name))}'";
            throw Invalid($"The prompt '{prompt.Name}' has no argument '{unknown}'; it has {names}.");
        }
    }

    private static JsonRpcException Invalid(string message) => new(ErrorCode.InvalidParams, message);
}
