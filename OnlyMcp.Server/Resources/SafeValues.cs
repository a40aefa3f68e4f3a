using OnlyMcp.Protocol.UriTemplates;

namespace OnlyMcp.Server.Resources;

/// <summary>Refuses values that could lead a handler to something else than its template says.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Security Considerations</remarks>
internal static class SafeValues
{
    public static bool Are(IReadOnlyDictionary<string, UriValue> values, IReadOnlyList<UriVariable> variables, bool allowsParentSegments)
    {
        foreach (var variable in variables)
        {
            if (!values.TryGetValue(variable.Name, out var value))
                continue;

            // Choice: {name} stands for one segment of a path, also where the slash came encoded; {+name} and the query take slashes.
            if (!variable.IsReserved && !variable.IsInQuery && value.Items.Any(item => item.Contains('/', StringComparison.Ordinal)))
                return false;
            if (!value.Items.Append(value.Text).All(text => IsSafe(text, allowsParentSegments)))
                return false;
        }

        return true;
    }

    // MUST: no traversal of directories; a backslash separates them too, on some systems. NUL ends a path early.
    private static bool IsSafe(string text, bool allowsParentSegments) =>
        !text.Any(char.IsControl) && (allowsParentSegments || !text.Split('/', '\\').Contains(".."));
}
