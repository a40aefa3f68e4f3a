using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Refuses null among the elements of a <c>string[]</c> or the values of a <c>Dictionary&lt;string, Point&gt;</c>.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class NullElements
{
    /// <summary>Has every object of this type looked through when it has been read.</summary>
    public static void Refuse(JsonTypeInfo type)
    {
        // On first use: while the metadata of a type is being made, that of its members cannot be asked for (a tree holds trees).
        var checks = new Lazy<Action<object>[]>(() => [.. type.Properties.Select(CheckOf).OfType<Action<object>>()]);
        Action<object>? before = type.OnDeserialized;
        type.OnDeserialized = read =>
        {
            before?.Invoke(read);
            foreach (Action<object> check in checks.Value) check(read);
        };
    }

    /// <summary>A check of a list or dictionary of this type, or null where nothing needs to be checked.</summary>
    public static Action<object>? CheckOf(JsonTypeInfo type, NullabilityInfo? annotations)
    {
        NullabilityInfo? annotation = Nullability.OfElement(annotations, type);
        if (annotation is null) return null;

        bool allowsNull = Nullability.AllowsNull(type.ElementType!, annotation);
        Action<object>? inner = CheckOf(type.Options.GetTypeInfo(type.ElementType!), annotation);
        if (inner is null && (allowsNull || type.ElementType!.IsValueType)) return null;
        return collection => CheckElements(collection, allowsNull, inner);
    }

    private static Action<object>? CheckOf(JsonPropertyInfo property)
    {
        if (property.Get is not { } get) return null;
        Action<object>? check = CheckOf(property.Options.GetTypeInfo(property.PropertyType), Nullability.Of(property));
        if (check is null) return null;
        return owner =>
        {
            if (get(owner) is { } collection) check(collection);
        };
    }

    private static void CheckElements(object collection, bool allowsNull, Action<object>? inner)
    {
        if (IsDefault(collection)) return;
        foreach (object? element in collection is IDictionary dictionary ? dictionary.Values : (IEnumerable)collection)
        {
            if (element is not null) inner?.Invoke(element);
            else if (!allowsNull) throw new ExpectationException("no null among the elements");
        }
    }

    // A member of type ImmutableArray that was left out cannot even be enumerated.
    private static bool IsDefault(object collection) =>
        collection is ValueType && collection.Equals(RuntimeHelpers.GetUninitializedObject(collection.GetType()));
}
