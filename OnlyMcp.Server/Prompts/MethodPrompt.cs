using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server.Prompts;

/// <summary>A prompt that is a C# method: its arguments are read off its signature, and converted for it.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class MethodPrompt : McpPrompt
{
    private readonly TextInvoker<RequestContext> invoker;
    private readonly Lazy<Prompt> definition;

    public MethodPrompt(ToolSignature<RequestContext> signature, Prompt described, JsonSerializerOptions? options)
    {
        PromptReturn.Check(signature.Method);
        Name = described.Name;
        Scopes = McpScopesAttribute.Of(signature.Method);
        invoker = new TextInvoker<RequestContext>(signature, BindingOptions.ForArguments(options));
        definition = new Lazy<Prompt>(() => described with { Arguments = Describe(signature) });
        Completions.AddAll(signature.Bound, invoker.Arguments);
    }

    public override string Name { get; }

    public override Prompt Definition => definition.Value;

    public override async ValueTask<Result> GetAsync(
        IReadOnlyDictionary<string, string> arguments, RequestContext context, CancellationToken cancellationToken)
    {
        var returned = await invoker.InvokeAsync(ValueOf, context, cancellationToken).ConfigureAwait(false);
        return PromptReturn.ToResult(returned, Definition);

        TextValue? ValueOf(string name) => arguments.TryGetValue(name, out var text) ? new TextValue(text) : null;
    }

    private PromptArgument[]? Describe(ToolSignature<RequestContext> signature) => signature.Bound.Count == 0
        ? null
        : [.. signature.Bound.Zip(invoker.Arguments, (parameter, argument) => new PromptArgument
        {
            Name = argument.Name,
            Description = Documentation.Of(parameter),
            Required = argument.IsRequired ? true : null,
        })];
}
