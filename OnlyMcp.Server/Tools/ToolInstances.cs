using System.Diagnostics.CodeAnalysis;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools;

/// <summary>Where the object comes from that a method is called on.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
internal static class ToolInstances
{
    /// <summary>From the services, for each call, or one that is made when it is first needed.</summary>
    public static Func<RequestContext, object> Of(Type type, IServiceProvider? services)
    {
        var own = new Lazy<object>(() => Make(type));

        // Without services all is known now, and what cannot work is said now.
        if (services is null && type.GetConstructor(Type.EmptyTypes) is null)
            throw new ArgumentException(NoWay(type), nameof(type));

        return _ => services?.GetService(type) ?? own.Value;
    }

    private static object Make(Type type) => type.GetConstructor(Type.EmptyTypes) is not null
        ? Activator.CreateInstance(type)!
        : throw new InvalidOperationException(NoWay(type));

    private static string NoWay(Type type) =>
        $"{type.Name} has no public constructor without parameters, and the services do not know it: give an object or a factory instead.";
}
