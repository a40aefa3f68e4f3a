using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Resources;

/// <summary>A resource that a C# method reads.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class MethodResource : McpResource
{
    private readonly TextInvoker<RequestContext> invoker;
    private readonly ResourceReturn resourceReturn;

    /// <exception cref="ArgumentException">The method wants arguments, which an address without variables has not.</exception>
    public MethodResource(ToolSignature<RequestContext> signature, Resource definition, JsonSerializerOptions? options)
    {
        if (signature.Bound.Count > 0)
        {
            throw new ArgumentException(
                $"The resource '{definition.Uri}' has no value for the parameter '{signature.Bound[0].Name}': put it into the address in "
                + "braces, as in weather://{city}, and add it as a template.");
        }

        Definition = definition;
        Scopes = McpScopesAttribute.Of(signature.Method);
        resourceReturn = new ResourceReturn(signature.Method, definition.MimeType, BindingOptions.ForResults(options));
        invoker = new TextInvoker<RequestContext>(signature, BindingOptions.ForArguments(options));
    }

    public override Resource Definition { get; }

    public override async ValueTask<Result> ReadAsync(RequestContext context, CancellationToken cancellationToken)
    {
        var returned = await invoker.InvokeAsync(_ => null, context, cancellationToken).ConfigureAwait(false);
        return resourceReturn.ToResult(returned, Definition.Uri);
    }
}
