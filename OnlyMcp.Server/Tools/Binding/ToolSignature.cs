using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>A method that can be called as a tool: checked once, at registration, and split into what is bound and what is injected.</summary>
internal sealed class ToolSignature<TContext>
{
    private ToolSignature(MethodInfo method, Delegate? function, Func<TContext, object>? targetOf, ParameterInfo[] parameters, IInjectedParameters<TContext>? injected)
    {
        SignatureCheck.Method(method);
        Method = method;
        Function = function;
        TargetOf = targetOf;
        Parameters = parameters;
        Sources = [.. parameters.Select(p => SourceOf(p, injected))];
        Bound = [.. parameters.Where((p, i) => Sources[i] is null && !IsCancellation(p))];
        foreach (ParameterInfo parameter in Bound) SignatureCheck.Parameter(parameter);
        SignatureCheck.Names(Bound);
        SignatureCheck.Headers(Bound);
    }

    /// <summary>The method with its attributes and documentation.</summary>
    public MethodInfo Method { get; }

    /// <summary>The delegate to call, where the tool was given as one.</summary>
    public Delegate? Function { get; }

    /// <summary>Gives the object to call the method on; null for a delegate and for a static method.</summary>
    public Func<TContext, object>? TargetOf { get; }

    /// <summary>All parameters in their order.</summary>
    public IReadOnlyList<ParameterInfo> Parameters { get; }

    /// <summary>The parameters that come from the arguments, in their order.</summary>
    public IReadOnlyList<ParameterInfo> Bound { get; }

    /// <summary>For every parameter the source of its value; null where that is the arguments or the cancellation token.</summary>
    public IReadOnlyList<Func<TContext, CancellationToken, object?>?> Sources { get; }

    /// <exception cref="ArgumentException">The delegate's signature cannot be a tool's; the message says what to do.</exception>
    public static ToolSignature<TContext> Of(Delegate function, IInjectedParameters<TContext>? injected = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ParameterInfo[] parameters = function.Method.GetParameters();
        // A delegate over an extension method (or a compiled expression) has its first parameter closed over.
        bool closed = function.Method.IsStatic && function.Target is not null;
        return new(function.Method, function, null, closed ? parameters[1..] : parameters, injected);
    }

    /// <param name="method">A static method, or one of <paramref name="target"/>.</param>
    /// <param name="target">The object to call the method on.</param>
    /// <param name="injected">Which parameters come from the server.</param>
    /// <exception cref="ArgumentException">The method's signature cannot be a tool's; the message says what to do.</exception>
    public static ToolSignature<TContext> Of(MethodInfo method, object? target, IInjectedParameters<TContext>? injected = null) =>
        Of(method, target is null ? null : _ => target, injected);

    /// <param name="method">A static method, or one of the objects that <paramref name="targetOf"/> gives.</param>
    /// <param name="targetOf">Gives the object to call the method on, for each call.</param>
    /// <param name="injected">Which parameters come from the server.</param>
    /// <exception cref="ArgumentException">The method's signature cannot be a tool's; the message says what to do.</exception>
    public static ToolSignature<TContext> Of(
        MethodInfo method, Func<TContext, object>? targetOf, IInjectedParameters<TContext>? injected = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!method.IsStatic && targetOf is null)
            throw new ArgumentException($"'{method.Name}' is an instance method: give the object to call it on.", nameof(targetOf));
        return new(method, null, method.IsStatic ? null : targetOf, method.GetParameters(), injected);
    }

    /// <summary>The values of all parameters: those that were bound, and between them what is injected.</summary>
    /// <param name="bound">One value for each of <see cref="Bound"/>; taken over where nothing is injected.</param>
    /// <param name="context">What is known about the call.</param>
    /// <param name="cancellationToken">Passed on to what is injected.</param>
    public object?[] Spread(object?[] bound, TContext context, CancellationToken cancellationToken)
    {
        if (bound.Length == Parameters.Count) return bound;

        var values = new object?[Parameters.Count];
        int next = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (Sources[i] is { } source) values[i] = source(context, cancellationToken);
            else if (!IsCancellation(Parameters[i])) values[i] = bound[next++];
        }
        return values;
    }

    public static bool IsCancellation(ParameterInfo parameter) => parameter.ParameterType == typeof(CancellationToken);

    private static Func<TContext, CancellationToken, object?>? SourceOf(ParameterInfo parameter, IInjectedParameters<TContext>? injected)
    {
        if (injected is null || IsCancellation(parameter)) return null;
        return injected.TryResolve(parameter, out Func<TContext, CancellationToken, object?>? value) ? value : null;
    }
}
