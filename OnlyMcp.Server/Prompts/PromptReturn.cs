using System.Reflection;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Prompts;

/// <summary>From what a method returns to a prompt's messages: what does not say who speaks is said by the user.</summary>
/// <remarks>Spec: 2026-07-28 server/prompts §PromptMessage</remarks>
internal static class PromptReturn
{
    private static readonly Type[] Known =
    [
        typeof(string), typeof(PromptMessage), typeof(ContentBlock), typeof(Result),
        typeof(IEnumerable<string>), typeof(IEnumerable<PromptMessage>), typeof(IEnumerable<ContentBlock>),
    ];

    /// <exception cref="ArgumentException">What the method returns can be no prompt.</exception>
    public static void Check(MethodInfo method)
    {
        var type = ReturnType.ResultOf(method.ReturnType);
        if (type != typeof(object) && !Known.Any(known => known.IsAssignableFrom(type)))
        {
            throw new ArgumentException(
                "A prompt returns a string, a PromptMessage, a ContentBlock, several of one of them, or a GetPromptResult, but "
                + $"'{method.Name}' returns {type?.Name ?? "nothing"}.");
        }
    }

    public static Result ToResult(object? value, Prompt prompt) => value switch
    {
        Result result => result,
        string text => Of(prompt, [Said(text)]),
        PromptMessage message => Of(prompt, [message]),
        ContentBlock block => Of(prompt, [Said(block)]),
        IEnumerable<string> texts => Of(prompt, [.. texts.Select(Said)]),
        IEnumerable<PromptMessage> messages => Of(prompt, [.. messages]),
        IEnumerable<ContentBlock> blocks => Of(prompt, [.. blocks.Select(Said)]),
        _ => throw new InvalidOperationException($"'{prompt.Name}' returned {value?.GetType().Name ?? "null"}, which is no prompt."),
    };

    private static GetPromptResult Of(Prompt prompt, PromptMessage[] messages) =>
        new() { Description = prompt.Description, Messages = messages };

    private static PromptMessage Said(string text) => Said(new TextContent { Text = text });

    private static PromptMessage Said(ContentBlock content) => new() { Role = Role.User, Content = content };
}
