namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Reads the path that System.Text.Json puts into its exceptions: <c>$.points[2]['odd name']</c>.</summary>
internal static class SerializerPath
{
    public static List<string> Steps(string? path)
    {
        var steps = new List<string>();
        int at = 1;
        while (path is not null && at < path.Length)
        {
            (int start, int end, int next) = Next(path, at);
            if (end > start) steps.Add(path[start..end]);
            at = next;
        }
        return steps;
    }

    private static (int Start, int End, int Next) Next(string path, int at)
    {
        if (path[at] == '.') return Until(path, at + 1, path.AsSpan(at + 1).IndexOfAny('.', '['), closing: 0);
        bool quoted = path.AsSpan(at).StartsWith("['", StringComparison.Ordinal);
        return quoted
            ? Until(path, at + 2, path.AsSpan(at + 2).IndexOf("']"), closing: 2)
            : Until(path, at + 1, path.AsSpan(at + 1).IndexOf(']'), closing: 1);
    }

    private static (int Start, int End, int Next) Until(string path, int start, int length, int closing)
    {
        int end = length < 0 ? path.Length : start + length;
        return (start, end, end + Math.Max(closing, length < 0 ? 1 : closing));
    }
}
