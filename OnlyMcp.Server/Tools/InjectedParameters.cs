using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Claims;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools;

/// <summary>The parameters of a tool that come from the request or the server, and stand in no schema.</summary>
internal sealed class InjectedParameters : IInjectedParameters<RequestContext>
{
    public static InjectedParameters Instance { get; } = new();

    public bool TryResolve(ParameterInfo parameter, [NotNullWhen(true)] out Func<RequestContext, CancellationToken, object?>? value)
    {
        var type = parameter.ParameterType;
        value = type switch
        {
            _ when type == typeof(RequestContext) => (context, _) => context,
            _ when type == typeof(McpServer) => (context, _) => context.Server,
            _ when type == typeof(ClaimsPrincipal) => (context, _) => context.Principal,
            _ when type == typeof(IServiceProvider) => (context, _) => context.Services,
            _ when type == typeof(IProgress<ProgressValue>) => (context, _) => new ProgressOf(context),
            _ when type == typeof(IProgress<double>) => (context, _) => new ProgressOf(context),
            _ when parameter.IsDefined(typeof(FromServicesAttribute)) => (context, _) => Service(context, type),
            _ => null,
        };
        return value is not null;
    }

    private static object Service(RequestContext context, Type type) => context.Services?.GetService(type)
        ?? throw new InvalidOperationException($"A parameter wants a {type.Name} from the services, and there is none: set McpServerOptions.Services.");

    /// <summary>Reports at once and in order; the request's answer waits for what was reported.</summary>
    private sealed class ProgressOf(RequestContext context) : IProgress<ProgressValue>, IProgress<double>
    {
        public void Report(ProgressValue value) => _ = context.ReportProgressAsync(value.Progress, value.Total, value.Message);

        public void Report(double value) => Report(new ProgressValue(value));
    }
}
