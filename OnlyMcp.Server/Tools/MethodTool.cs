using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server.Tools;

/// <summary>A tool that is a C# method: its schema is read off its signature, and its arguments are bound to it.</summary>
/// <remarks>The signature is checked when the tool is made; schema and call are built on first use.</remarks>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class MethodTool : McpTool
{
    private readonly Lazy<ToolInvoker<RequestContext>> invoker;
    private readonly Lazy<ToolReturn> toolReturn;
    private readonly Lazy<Tool> definition;

    public MethodTool(ToolSignature<RequestContext> signature, Tool described, JsonSerializerOptions? options, ToolTasks? tasks = null)
    {
        Name = described.Name;
        Scopes = McpScopesAttribute.Of(signature.Method);
        Tasks = tasks ?? signature.Method.GetCustomAttribute<McpTaskAttribute>()?.ToTasks();
        invoker = new(() => new ToolInvoker<RequestContext>(signature, BindingOptions.ForArguments(options)));
        toolReturn = new(() => new ToolReturn(signature.Method, BindingOptions.ForResults(options)));
        definition = new Lazy<Tool>(() => described with
        {
            InputSchema = InputSchema.Of(signature.Bound, BindingOptions.ForArguments(options)),
            OutputSchema = toolReturn.Value.Schema,
        });
    }

    public override string Name { get; }

    public override Tool Definition => definition.Value;

    public override ToolTasks? Tasks { get; }

    public override ValueTask<Result> CallAsync(
        JsonElement arguments, RequestContext context, CancellationToken cancellationToken)
    {
        // Not async where the method is done already: the user's method stands two frames above this one.
        var call = invoker.Value.InvokeAsync(arguments, context, cancellationToken);
        return call.IsCompletedSuccessfully ? new(toolReturn.Value.ToResult(call.Result)) : ResultOfAsync(call);
    }

    private async ValueTask<Result> ResultOfAsync(ValueTask<object?> call) =>
        toolReturn.Value.ToResult(await call.ConfigureAwait(false));
}
