namespace RawWire;

/// <summary>Server-sent events, by hand: lines of fields, a blank line behind each event.</summary>
internal static class EventStream
{
    /// <summary>The data of each event that has some; all else (names, ids, comments) is passed over.</summary>
    public static async IAsyncEnumerable<string> ReadAsync(StreamReader body)
    {
        var data = "";
        while (await body.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
                data += (data.Length > 0 ? "\n" : "") + line["data:".Length..].TrimStart(' ');
            else if (line.Length == 0 && data.Length > 0)
            {
                yield return data;
                data = "";
            }
        }
    }
}
