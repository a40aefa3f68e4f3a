using System.Text.Json;
using System.Text.RegularExpressions;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>The names of extensions, such as <c>com.example/hats</c>: a prefix that belongs to somebody, a slash, and a name.</summary>
/// <remarks>Spec: 2026-07-28 basic/versioning §Extension Negotiation</remarks>
public static partial class ExtensionNames
{
    /// <summary>Checks what is to be declared, so that a mistake is told here and not by some client or server that is asked first.</summary>
    /// <param name="extensions">The settings of each extension, by its name; null for none.</param>
    /// <exception cref="ArgumentException">A name lacks its prefix or has another form, or settings are no object.</exception>
    public static void Check(IReadOnlyDictionary<string, JsonElement>? extensions)
    {
        foreach (var (name, settings) in extensions ?? new Dictionary<string, JsonElement>())
        {
            // MUST: the form of a key of metadata, with a prefix.
            if (!Form().IsMatch(name))
                throw new ArgumentException($"'{name}' is no name of an extension: it has a prefix and a name, as in 'com.example/hats'.");
            if (settings.ValueKind != JsonValueKind.Object)
                throw new ArgumentException($"The settings of the extension '{name}' are an object, which may be empty.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?)*/[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\z")]
    private static partial Regex Form();
}
