using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Calls a method as a tool: binds the arguments, fetches what is injected, and calls. Made ready on the first call.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class ToolInvoker<TContext>
{
    private readonly ToolSignature<TContext> signature;
    private readonly Lazy<ArgumentBinder> binder;
    private readonly Lazy<ToolCall> call;

    /// <param name="signature">The checked signature.</param>
    /// <param name="options">Made by <see cref="BindingOptions.ForArguments"/>.</param>
    public ToolInvoker(ToolSignature<TContext> signature, JsonSerializerOptions options)
        : this(signature, options, RuntimeFeature.IsDynamicCodeSupported)
    {
    }

    internal ToolInvoker(ToolSignature<TContext> signature, JsonSerializerOptions options, bool compiled)
    {
        this.signature = signature;
        binder = new(() => new ArgumentBinder(signature.Bound, options));
        call = new(() => compiled ? CompiledCall.Of(signature) : ReflectedCall.Of(signature));
    }

    /// <summary>Binds and calls. The method starts on the caller's stack.</summary>
    /// <param name="arguments">The arguments as they came, already validated against the schema.</param>
    /// <param name="context">What is known about the call, for injected parameters.</param>
    /// <param name="cancellationToken">Passed to the method if it takes one.</param>
    /// <returns>The method's result; null where it has none.</returns>
    /// <exception cref="InvalidToolInputException">The arguments do not fit, in a way that the schema cannot state.</exception>
    public ValueTask<object?> InvokeAsync(JsonElement arguments, TContext context, CancellationToken cancellationToken)
    {
        object?[] values = signature.Spread(binder.Value.Bind(arguments), context, cancellationToken);
        // Not async: one frame, then the stub, then the user's method.
        return call.Value(signature.TargetOf?.Invoke(context), values, cancellationToken);
    }
}
