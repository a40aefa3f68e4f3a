using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Where a parameter's value comes from when it comes from the server and not from the arguments.</summary>
/// <typeparam name="TContext">What is known about the call.</typeparam>
internal interface IInjectedParameters<TContext>
{
    /// <summary>
    /// Asked once per parameter, when the tool is registered. An injected parameter is in no schema. <see cref="CancellationToken"/> is
    /// always injected and never asked for.
    /// </summary>
    bool TryResolve(ParameterInfo parameter, [NotNullWhen(true)] out Func<TContext, CancellationToken, object?>? value);
}
