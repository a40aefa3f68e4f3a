using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.UriTemplates;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Resources;

/// <summary>A template whose resources a C# method reads: each variable's value is converted for the parameter of its name.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class MethodResourceTemplate : McpResourceTemplate
{
    private readonly TextInvoker<RequestContext> invoker;
    private readonly ResourceReturn resourceReturn;

    /// <exception cref="ArgumentException">A parameter has no variable of its name.</exception>
    public MethodResourceTemplate(ToolSignature<RequestContext> signature, ResourceTemplate definition, JsonSerializerOptions? options)
        : base(definition)
    {
        Scopes = McpScopesAttribute.Of(signature.Method);
        resourceReturn = new ResourceReturn(signature.Method, definition.MimeType, BindingOptions.ForResults(options));
        invoker = new TextInvoker<RequestContext>(signature, BindingOptions.ForArguments(options), allowsLists: true);
        if (invoker.Arguments.FirstOrDefault(argument => Template.Variables.All(variable => variable.Name != argument.Name)) is { } stray)
            throw new ArgumentException($"The template '{Template}' has no variable '{stray.Name}' for the parameter of that name.");
        Completions.AddAll(signature.Bound, invoker.Arguments);
    }

    public override async ValueTask<Result> ReadAsync(
        string uri, IReadOnlyDictionary<string, UriValue> values, RequestContext context, CancellationToken cancellationToken)
    {
        return resourceReturn.ToResult(await InvokeAsync(uri, values, context, cancellationToken).ConfigureAwait(false), uri);
    }

    private ValueTask<object?> InvokeAsync(
        string uri, IReadOnlyDictionary<string, UriValue> values, RequestContext context, CancellationToken cancellationToken)
    {
        try
        {
            return invoker.InvokeAsync(ValueOf, context, cancellationToken);
        }
        catch (InvalidToolInputException fault)
        {
            throw new ResourceNotFoundException(uri, fault.Message, fault);
        }

        TextValue? ValueOf(string name) => values.TryGetValue(name, out var value) ? new TextValue(value.Text, value.Items) : null;
    }
}
