using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Completions;

/// <summary>The prompt or the resource template whose arguments are completed.</summary>
/// <remarks>Spec: 2026-07-28 server/utilities/completion §Reference Types</remarks>
/// <param name="Name">What it is, in words.</param>
/// <param name="Arguments">The names of its arguments, or of its variables.</param>
/// <param name="Completions">Who proposes values for them.</param>
/// <param name="Scopes">What the caller's token must allow.</param>
internal sealed record CompletionTarget(
    string Name, IReadOnlyList<string> Arguments, ArgumentCompletions Completions, IReadOnlyList<string> Scopes)
{
    /// <summary>What a reference means; null if it leads nowhere.</summary>
    public static CompletionTarget? Of(CompletionReference reference, McpServer server) => reference switch
    {
        PromptReference { Name: var name } when server.Prompts.TryFind(name, out var prompt) =>
            new(InWords(reference), [.. (prompt.Definition.Arguments ?? []).Select(argument => argument.Name)], prompt.Completions, prompt.Scopes),
        ResourceTemplateReference { Uri: var uri } => OfUri(uri, reference, server),
        _ => null,
    };

    public static string InWords(CompletionReference reference) => reference switch
    {
        PromptReference prompt => $"prompt '{prompt.Name}'",
        ResourceTemplateReference template => $"resource template '{template.Uri}'",
        _ => reference.Type,
    };

    public string NoSuchArgument(string argument) => Arguments.Count == 0
        ? $"The {Name} has no arguments."
        : $"The {Name} has no argument '{argument}'; it has '{string.Join("', '", Arguments)}'.";

    /// <summary>The address of a reference may be a template's, or one that a template, or a resource, gives.</summary>
    private static CompletionTarget? OfUri(string uri, CompletionReference reference, McpServer server)
    {
        if (!server.ResourceTemplates.TryFind(uri, out var template) && !server.Resources.TryFind(uri, out _))
            template = server.ResourceTemplates.All.FirstOrDefault(candidate => candidate.Match(uri) is not null);
        if (template is not null)
            return new(InWords(reference), [.. template.Template.Variables.Select(variable => variable.Name)], template.Completions, template.Scopes);

        return server.Resources.TryFind(uri, out var resource) ? new(InWords(reference), [], new ArgumentCompletions(), resource.Scopes) : null;
    }
}
