using System.Text.RegularExpressions;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Identifiers, pointers and patterns: JSON Schema 2020-12 Validation §7.3.5, §7.3.7 and §7.3.8.</summary>
internal static partial class TextFormats
{
    private static readonly TimeSpan NeverUsed = TimeSpan.FromSeconds(1);

    public static bool IsUuid(string text) => text.Length == 36 && Guid.TryParseExact(text, "D", out _);

    public static bool IsJsonPointer(string text) => Pointer().IsMatch(text);

    public static bool IsRelativeJsonPointer(string text) => RelativePointer().IsMatch(text);

    public static bool IsRegex(string text)
    {
        try
        {
            Pattern.Parse(text, NeverUsed, path: "");
            return true;
        }
        catch (JsonSchemaException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^(/([^~/]|~[01])*)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pointer();

    [GeneratedRegex(@"^(0|[1-9][0-9]*)(#|(/([^~/]|~[01])*)*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex RelativePointer();
}
