using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>
/// Whether null may stand inside a member: among the elements of a list, the values of a dictionary. The serializer holds a member itself
/// to its annotation, but not its elements; the schema and the binder both ask here.
/// </summary>
internal static class Nullability
{
    /// <summary>The annotations of a member, or null where nothing is known of it.</summary>
    public static NullabilityInfo? Of(ICustomAttributeProvider? member)
    {
        var context = new NullabilityInfoContext();
        return member switch
        {
            ParameterInfo parameter => context.Create(parameter),
            PropertyInfo property => context.Create(property),
            FieldInfo field => context.Create(field),
            _ => null,
        };
    }

    /// <summary>The annotations of a property, which a record has on its constructor's parameter.</summary>
    public static NullabilityInfo? Of(JsonPropertyInfo property) =>
        Of(property.AssociatedParameter?.AttributeProvider ?? property.AttributeProvider);

    /// <summary>The annotations of the elements of a list or of the values of a dictionary.</summary>
    public static NullabilityInfo? OfElement(NullabilityInfo? collection, JsonTypeInfo type)
    {
        if (collection is null || type.ElementType is null) return null;
        if (collection.ElementType is { } element) return element;
        NullabilityInfo[] arguments = collection.GenericTypeArguments;
        // A class that merely derives from a list has no annotation of its elements that could be read here.
        bool known = arguments.Length > 0 && arguments[^1].Type == type.ElementType;
        return known ? arguments[^1] : null;
    }

    /// <summary>Whether a value of this type may be null. What carries no annotation may.</summary>
    public static bool AllowsNull(Type type, NullabilityInfo? info)
    {
        if (type.IsValueType) return Nullable.GetUnderlyingType(type) is not null;
        return info is null || info.WriteState != NullabilityState.NotNull;
    }
}
