using System.Diagnostics.CodeAnalysis;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Prompts;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server;

public sealed partial class McpServer
{
    /// <summary>The prompts that are offered; may change while the server runs.</summary>
    public PromptCollection Prompts { get; } = new();

    /// <summary>Whether clients are told that there are prompts.</summary>
    internal bool OffersPrompts => Prompts.WasFilled || Options.Capabilities.Prompts is not null;

    /// <summary>Offers a delegate as a prompt; its parameters become the prompt's arguments.</summary>
    /// <remarks>
    /// Arguments come as text; parameters may be strings, numbers, bools, enums, dates, Guids and Uris, nullable or optional, and what is
    /// no argument of a tool either, such as <see cref="CancellationToken"/> and <see cref="RequestContext"/>. It may return text, a
    /// <see cref="PromptMessage"/>, a content block, several of one of them, or a <see cref="GetPromptResult"/>.
    /// </remarks>
    /// <param name="name">What the prompt is called by; unique in the server.</param>
    /// <param name="description">What it is good for, for people to read.</param>
    /// <param name="function">
    /// Fills it in. An exception becomes an error whose words stay on the server, unless it is a
    /// <see cref="Protocol.JsonRpc.JsonRpcException"/>.
    /// </param>
    /// <exception cref="ArgumentException">The name is taken, or the signature cannot be a prompt's; the message says what to do.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddPrompt(string name, string description, Delegate function)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var signature = ToolSignature<RequestContext>.Of(function, InjectedParameters.Instance);
        Prompts.Add(new MethodPrompt(signature, new Prompt { Name = name, Description = description }, Options.SerializerOptions));
    }

    /// <summary>Offers a prompt with given arguments, which stay text. A trimmed program may rely on it.</summary>
    /// <param name="prompt">What clients are told; an argument that is missing or not named there is refused.</param>
    /// <param name="handler">Fills it in.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void AddPrompt(
        Prompt prompt, Func<IReadOnlyDictionary<string, string>, RequestContext, CancellationToken, ValueTask<Result>> handler) =>
        Prompts.Add(new DefinedPrompt(prompt, handler));

    /// <summary>Offers each method of <typeparamref name="T"/> that carries <see cref="McpPromptAttribute"/>, called on this one object.</summary>
    /// <exception cref="ArgumentException">No method carries it, a name is taken, or a signature cannot be a prompt's.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddPrompts<T>(T instance)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(instance);
        AddPrompts(typeof(T), _ => instance);
    }

    /// <summary>The same, called on what <paramref name="factory"/> gives for each request; disposing of it is up to the factory.</summary>
    /// <exception cref="ArgumentException">No method carries the attribute, a name is taken, or a signature cannot be a prompt's.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddPrompts<T>(Func<RequestContext, T> factory)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        AddPrompts(typeof(T), factory);
    }

    /// <summary>
    /// The same, called for each request on what <see cref="McpServerOptions.Services"/> gives as a <typeparamref name="T"/>; where there are
    /// no services, or they know no such type, on one object made with its parameterless constructor when it is first needed.
    /// </summary>
    /// <exception cref="ArgumentException">No method carries the attribute, a name is taken, or a signature cannot be a prompt's.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddPrompts<T>()
        where T : class => AddPrompts(typeof(T), ToolInstances.Of(typeof(T), Options.Services));

    /// <summary>Offers each static method of <paramref name="type"/> that carries <see cref="McpPromptAttribute"/>; it may be a static class.</summary>
    /// <exception cref="ArgumentException">No static method carries it, a name is taken, or a signature cannot be a prompt's.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddPrompts(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        AddPrompts(type, null);
    }

    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    private void AddPrompts(Type type, Func<RequestContext, object>? targetOf)
    {
        var prompts = PromptMethods.Of(type, instances: targetOf is not null)
            .Select(method => new MethodPrompt(SignatureOf(method), PromptMethods.Describe(method), Options.SerializerOptions))
            .ToArray();
        Prompts.AddRange(prompts);

        ToolSignature<RequestContext> SignatureOf(System.Reflection.MethodInfo method) =>
            ToolSignature<RequestContext>.Of(method, targetOf, InjectedParameters.Instance);
    }
}
