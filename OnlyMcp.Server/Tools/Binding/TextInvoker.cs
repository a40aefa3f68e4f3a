using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Calls a method whose arguments are text: converts them, fetches what is injected, and calls. Made ready on the first call.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class TextInvoker<TContext>(ToolSignature<TContext> signature, JsonSerializerOptions options, bool allowsLists = false)
{
    private readonly Lazy<ToolCall> call =
        new(() => RuntimeFeature.IsDynamicCodeSupported ? CompiledCall.Of(signature) : ReflectedCall.Of(signature));

    /// <summary>The parameters that the arguments are converted for, in the order of <see cref="ToolSignature{TContext}.Bound"/>.</summary>
    public IReadOnlyList<TextArgument> Arguments { get; } =
        [.. signature.Bound.Select(parameter => new TextArgument(parameter, options, allowsLists))];

    /// <summary>Converts and calls. The method starts on the caller's stack.</summary>
    /// <param name="valueOf">What came for the parameter of that name; null if nothing did.</param>
    /// <param name="context">What is known about the call, for injected parameters.</param>
    /// <param name="cancellationToken">Passed to the method if it takes one.</param>
    /// <returns>The method's result; null where it has none.</returns>
    /// <exception cref="InvalidToolInputException">An argument is missing, or is no value of its parameter's type.</exception>
    public ValueTask<object?> InvokeAsync(Func<string, TextValue?> valueOf, TContext context, CancellationToken cancellationToken)
    {
        object?[] bound = [.. Arguments.Select(argument => argument.From(valueOf(argument.Name)))];
        return call.Value(signature.TargetOf?.Invoke(context), signature.Spread(bound, context, cancellationToken), cancellationToken);
    }
}
