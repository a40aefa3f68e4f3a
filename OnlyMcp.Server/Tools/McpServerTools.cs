using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
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
    /// <exception cref="ArgumentException">The name is taken, or the signature cannot be a tool's; the message says what to do.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddTool(string name, string description, Delegate function)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var signature = ToolSignature<RequestContext>.Of(function, InjectedParameters.Instance);
        Tools.Add(new MethodTool(signature, Described(name, null, description, null), Options.SerializerOptions));
    }

    /// <summary>Offers a tool with a given schema, whose arguments stay JSON. A trimmed program may rely on it.</summary>
    /// <param name="tool">What clients are told; its input schema is enforced.</param>
    /// <param name="handler">Does it. An exception becomes a result with <c>isError</c>.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void AddTool(Tool tool, Func<JsonElement, RequestContext, CancellationToken, ValueTask<CallToolResult>> handler) =>
        Tools.Add(new SchemaTool(tool, handler));

    private static Tool Described(string name, string? title, string? description, ToolAnnotations? annotations) => new()
    {
        Name = name,
        Title = title,
        Description = description,
        Annotations = annotations,
        InputSchema = default,
    };
}
