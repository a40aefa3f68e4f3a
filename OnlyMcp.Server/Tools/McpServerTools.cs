using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server;

public sealed partial class McpServer
{
    /// <summary>Offers a delegate as a tool; its parameters become the input schema, which is enforced.</summary>
    /// <remarks>
    /// Parameters may be primitives, enums, records, collections, nullable or optional (<c>string?</c> means optional), and
    /// <see cref="CancellationToken"/>, <see cref="RequestContext"/>, <see cref="IProgress{T}"/> of <see cref="ProgressValue"/> or
    /// double, <see cref="IServiceProvider"/> and <c>[FromServices]</c>, which are no arguments. It may return text, content blocks, a
    /// <see cref="CallToolResult"/>, or any value, which becomes structured content, and text for those who read no more.
    /// </remarks>
    /// <param name="name">What the tool is called by; unique in the server.</param>
    /// <param name="description">What it does, for a model to read.</param>
    /// <param name="function">Does it. An exception becomes a result with <c>isError</c>.</param>
    /// <param name="tasks">How its calls become tasks; if null, what <see cref="McpTaskAttribute"/> on the function says, else they never do.</param>
    /// <exception cref="ArgumentException">The name is taken, or the signature cannot be a tool's; the message says what to do.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddTool(string name, string description, Delegate function, ToolTasks? tasks = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var signature = ToolSignature<RequestContext>.Of(function, InjectedParameters.Instance);
        Tools.Add(new MethodTool(signature, new Tool { Name = name, Description = description, InputSchema = default }, Options.SerializerOptions, tasks));
    }

    /// <summary>Offers a tool with a given schema, whose arguments stay JSON. A trimmed program may rely on it.</summary>
    /// <param name="tool">What clients are told; its input schema is enforced.</param>
    /// <param name="handler">Does it. An exception becomes a result with <c>isError</c>.</param>
    /// <param name="tasks">How its calls become tasks; null if they never do.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void AddTool(Tool tool, Func<JsonElement, RequestContext, CancellationToken, ValueTask<Result>> handler, ToolTasks? tasks = null) =>
        Tools.Add(new SchemaTool(tool, handler, tasks));

    /// <summary>Offers each method of <typeparamref name="T"/> that carries <see cref="McpToolAttribute"/>, called on this one object.</summary>
    /// <exception cref="ArgumentException">No method carries it, a name is taken, or a signature cannot be a tool's.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddTools<T>(T instance)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(instance);
        AddTools(typeof(T), _ => instance);
    }

    /// <summary>The same, called on an object that <paramref name="factory"/> gives for each call; disposing of it is up to the factory.</summary>
    /// <exception cref="ArgumentException">No method carries the attribute, a name is taken, or a signature cannot be a tool's.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddTools<T>(Func<RequestContext, T> factory)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        AddTools(typeof(T), factory);
    }

    /// <summary>
    /// The same, called for each call on what <see cref="McpServerOptions.Services"/> gives as a <typeparamref name="T"/>; where there are
    /// no services, or they know no such type, on one object made with its parameterless constructor when it is first needed.
    /// </summary>
    /// <exception cref="ArgumentException">No method carries the attribute, a name is taken, or a signature cannot be a tool's.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddTools<T>()
        where T : class => AddTools(typeof(T), ToolInstances.Of(typeof(T), Options.Services));

    /// <summary>Offers each static method of <paramref name="type"/> that carries <see cref="McpToolAttribute"/>; it may be a static class.</summary>
    /// <exception cref="ArgumentException">No static method carries it, a name is taken, or a signature cannot be a tool's.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddTools(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        AddTools(type, null);
    }

    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    private void AddTools(Type type, Func<RequestContext, object>? targetOf)
    {
        var tools = ToolMethods.Of(type, instances: targetOf is not null)
            .Select(method => new MethodTool(
                ToolSignature<RequestContext>.Of(method, targetOf, InjectedParameters.Instance), ToolMethods.Describe(method), Options.SerializerOptions))
            .ToArray();

        // All or none: a class half of whose tools are there is a puzzle.
        Tools.AddRange(tools);
    }
}
