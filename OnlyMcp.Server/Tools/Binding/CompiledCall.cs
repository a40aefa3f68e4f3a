using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Calls a tool's method, on an object if it is an instance method, with values that are already there.</summary>
internal delegate ValueTask<object?> ToolCall(object? target, object?[] values, CancellationToken cancellationToken);

/// <summary>
/// A call compiled from an expression tree: one named stub that casts the values and calls the method, so that the debugger's stack shows
/// InvokeAsync, CallTool and the user's method.
/// </summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class CompiledCall
{
    private static readonly ParameterExpression Target = Expression.Parameter(typeof(object), "target");
    private static readonly ParameterExpression Values = Expression.Parameter(typeof(object?[]), "values");
    private static readonly ParameterExpression Cancellation = Expression.Parameter(typeof(CancellationToken), "cancellationToken");

    public static ToolCall Of<TContext>(ToolSignature<TContext> signature)
    {
        Expression[] arguments = [.. signature.Parameters.Select(Argument)];
        Expression call = signature.Function is { } function
            ? Expression.Invoke(Expression.Constant(function), arguments)
            : Expression.Call(TargetOf(signature.Method), signature.Method, arguments);
        return Expression.Lambda<ToolCall>(Completed(call), "CallTool", [Target, Values, Cancellation]).Compile();
    }

    private static Expression Argument(ParameterInfo parameter, int position) => parameter.ParameterType == typeof(CancellationToken)
        ? Cancellation
        : Expression.Convert(Expression.ArrayIndex(Values, Expression.Constant(position)), parameter.ParameterType);

    private static UnaryExpression? TargetOf(MethodInfo method) => method.IsStatic ? null : Expression.Convert(Target, method.DeclaringType!);

    private static Expression Completed(Expression call)
    {
        if (call.Type == typeof(void)) return Expression.Block(call, Expression.Call(typeof(Completion), nameof(Completion.OfNothing), null));
        Type? result = ReturnType.ResultOf(call.Type);
        string completion = Kind(call.Type);
        return Expression.Call(typeof(Completion), completion, result is null ? null : [result], call);
    }

    private static string Kind(Type type)
    {
        if (type == typeof(ValueTask) || ReturnType.IsValueTaskOfResult(type)) return nameof(Completion.OfValueTask);
        return type == typeof(Task) || ReturnType.IsTaskOfResult(type) ? nameof(Completion.OfTask) : nameof(Completion.OfValue);
    }
}
