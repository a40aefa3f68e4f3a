using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>What no tool can have in its signature, told when it is registered and not when it is first called.</summary>
internal static class SignatureCheck
{
    public static void Method(MethodInfo method)
    {
        if (method.ContainsGenericParameters)
            throw Refused(method, "is generic: close its type parameters before you register it");
        if (method.ReturnType.IsByRef || method.ReturnType.IsByRefLike || method.ReturnType.IsPointer)
            throw Refused(method, $"returns {method.ReturnType.Name}, which cannot outlive the call: return a value or an array");
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            throw Refused(method, "is async void, so nobody learns when it ends or fails: return Task");
    }

    public static void Parameter(ParameterInfo parameter)
    {
        if (Objection(parameter) is not { } objection) return;
        throw Refused(parameter.Member, $"cannot have its parameter '{parameter.Name}' ({parameter.ParameterType.Name}) bound: {objection}");
    }

    public static void Names(IReadOnlyList<ParameterInfo> parameters)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ParameterInfo parameter in parameters)
        {
            if (!names.Add(parameter.Name!))
                throw Refused(parameter.Member, $"has several parameters named '{parameter.Name}' but for case: their JSON names would be one");
        }
    }

    /// <summary>Names that <c>[McpHeader]</c> gives: what holds for those of parameters is known now, of members within them on first use.</summary>
    public static void Headers(IReadOnlyList<ParameterInfo> parameters)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ParameterInfo parameter in parameters)
        {
            if (parameter.GetCustomAttribute<McpHeaderAttribute>() is not { } header) continue;
            if (!ParameterHeaders.IsName(header.Name))
                throw Refused(parameter.Member, $"names the header '{header.Name}' for '{parameter.Name}', which is no name of an HTTP header");
            if (!names.Add(header.Name))
                throw Refused(parameter.Member, $"names the header '{header.Name}' twice: header names differ in more than case");
        }
    }

    private static string? Objection(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (parameter.Name is null) return "it has no name";
        if (type.IsByRef) return "arguments are read, never written back: take it by value";
        if (type.IsByRefLike) return "it can live on the stack only: take a string or an array";
        if (type.IsPointer || type.IsFunctionPointer || type == typeof(nint) || type == typeof(nuint)) return "JSON has no pointers: take a value";
        if (typeof(Delegate).IsAssignableFrom(type)) return "JSON has no functions: inject it as a service";
        if (typeof(MemberInfo).IsAssignableFrom(type)) return "a type does not come from JSON: take its name as a string or an enum";
        if (typeof(Task).IsAssignableFrom(type) || typeof(Stream).IsAssignableFrom(type)) return "it does not come from JSON: take a string or byte[]";
        if (typeof(ITuple).IsAssignableFrom(type) && type.IsValueType) return "its names are lost at run time: declare a record";
        return IsUnreadable(type) ? "an abstract type needs [JsonDerivedType] to be read from JSON; if it is a service, inject it" : null;
    }

    private static bool IsUnreadable(Type type) =>
        (type.IsInterface || type.IsAbstract)
        && !typeof(IEnumerable).IsAssignableFrom(type)
        && !typeof(JsonNode).IsAssignableFrom(type)
        && !type.IsDefined(typeof(JsonDerivedTypeAttribute))
        && !type.IsDefined(typeof(JsonPolymorphicAttribute))
        && !type.IsDefined(typeof(JsonConverterAttribute));

    private static ArgumentException Refused(MemberInfo method, string reason) =>
        new($"{NameOf(method)} {reason}.");

    // The compiler names a lambda <Main>b__0_1, which tells its author nothing.
    private static string NameOf(MemberInfo method) =>
        method.Name.StartsWith('<') ? "The function" : $"The method '{method.DeclaringType?.Name}.{method.Name}'";
}
