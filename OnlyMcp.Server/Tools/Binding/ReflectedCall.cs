using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>The same call where code cannot be compiled at run time: through reflection, which passes exceptions on as they are.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
internal static class ReflectedCall
{
    public static ToolCall Of<TContext>(ToolSignature<TContext> signature)
    {
        int token = signature.Parameters.ToList().FindIndex(ToolSignature<TContext>.IsCancellation);
        bool hasResult = ReturnType.ResultOf(signature.Method.ReturnType) is not null;
        MethodInvoker invoker = MethodInvoker.Create(signature.Function?.GetType().GetMethod("Invoke") ?? signature.Method);
        return (target, values, cancellationToken) =>
        {
            if (token >= 0) values[token] = cancellationToken;
            return Completed(invoker.Invoke(signature.Function ?? target, values.AsSpan()), hasResult);
        };
    }

    private static ValueTask<object?> Completed(object? returned, bool hasResult) => returned switch
    {
        // What was declared decides: an async method that returns Task really returns a Task<T> of an internal type.
        Task task => hasResult ? AwaitResult(task) : Completion.OfTask(task),
        ValueTask task => Completion.OfValueTask(task),
        not null when ReturnType.IsValueTaskOfResult(returned.GetType()) => AwaitResult(AsTask(returned)),
        _ => new(returned),
    };

    private static Task AsTask(object valueTask) => (Task)valueTask.GetType().GetMethod(nameof(ValueTask.AsTask))!.Invoke(valueTask, null)!;

    private static async ValueTask<object?> AwaitResult(Task task)
    {
        await task.ConfigureAwait(false);
        return task.GetType().GetProperty(nameof(Task<object>.Result))!.GetValue(task);
    }
}
