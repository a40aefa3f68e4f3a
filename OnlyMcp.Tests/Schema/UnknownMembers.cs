using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Tests.Schema;

/// <summary>What a record, and all that it holds, has kept of members that it does not know.</summary>
internal static class UnknownMembers
{
    public static IEnumerable<string> In(object value)
    {
        if (value is string or JsonElement) return [];
        if (value is IDictionary map) return map.Values.Cast<object?>().SelectMany(InValue);
        if (value is IEnumerable list) return list.Cast<object?>().SelectMany(InValue);
        if (value.GetType().Namespace?.StartsWith("OnlyMcp", StringComparison.Ordinal) != true || value.GetType().IsEnum) return [];
        return value.GetType().GetProperties().SelectMany(member => InMember(member, value));
    }

    private static IEnumerable<string> InValue(object? value) => value is null ? [] : In(value);

    private static IEnumerable<string> InMember(PropertyInfo member, object owner)
    {
        object? value = member.GetIndexParameters().Length > 0 ? null : member.GetValue(owner);
        if (member.GetCustomAttribute<JsonExtensionDataAttribute>() is null) return InValue(value);
        return value is IDictionary<string, JsonElement> unknown ? unknown.Keys : [];
    }
}
