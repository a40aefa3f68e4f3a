namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Paths into a JSON document, as RFC 6901 writes them.</summary>
internal static class JsonPointer
{
    /// <summary>RFC 6901 §3: within a name, ~ is written ~0 and / is written ~1.</summary>
    public static string Append(string pointer, string name)
        => $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>RFC 6901 §4: ~1 is undone before ~0, so that ~01 ends as ~1.</summary>
    public static IEnumerable<string> Names(string pointer)
        => pointer.Split('/').Skip(1).Select(name =>
            name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
}
