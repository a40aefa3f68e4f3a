using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Completions;

namespace OnlyMcp.Server.Prompts;

/// <summary>
/// A prepared message, or conversation, that a user chooses and a model reads: a description for the user, and the code that fills it in.
/// </summary>
/// <remarks>Spec: 2026-07-28 server/prompts §Prompt</remarks>
public abstract class McpPrompt : IDemandsScopes
{
    /// <summary>What the prompt is called by; unique in its server.</summary>
    public abstract string Name { get; }

    /// <summary>What clients are told about the prompt. May be built on first use.</summary>
    public abstract Prompt Definition { get; }

    /// <inheritdoc cref="Tools.McpTool.Scopes"/>
    public IReadOnlyList<string> Scopes { get; init => field = DemandedScopes.Check(value); } = [];

    /// <summary>How its arguments are completed while somebody types them.</summary>
    internal ArgumentCompletions Completions { get; } = new();

    /// <summary>Fills it in. No argument is missing that the definition requires, and none is there that it does not name.</summary>
    /// <param name="arguments">The arguments by name.</param>
    /// <param name="context">The request that this answers.</param>
    /// <param name="cancellationToken">Is cancelled when the client no longer wants the answer.</param>
    /// <returns>Its <see cref="GetPromptResult"/>, or another result that the client can take, such as one that asks for input.</returns>
    public abstract ValueTask<Result> GetAsync(
        IReadOnlyDictionary<string, string> arguments, RequestContext context, CancellationToken cancellationToken);
}
