using System.Globalization;

namespace OnlyMcp.Server.Http;

/// <summary>Which of the two forms of an answer a client takes.</summary>
/// <param name="Json">One JSON object.</param>
/// <param name="Events">An event stream.</param>
internal readonly record struct AcceptHeader(bool Json, bool Events)
{
    /// <summary>What the specification asks clients to send, and so what nearly all do.</summary>
    private const string Both = "application/json, text/event-stream";

    /// <summary>Reads an <c>Accept</c> header; a missing one takes everything.</summary>
    public static AcceptHeader Parse(string? value) => string.IsNullOrWhiteSpace(value) || value == Both
        ? new(true, true)
        : new(Takes(value, "application/json", "application/*"), Takes(value, "text/event-stream", "text/*"));

    /// <summary>Whether the most specific range that matches the type gives it any weight.</summary>
    private static bool Takes(string header, string type, string family)
    {
        (int Specific, bool Wanted) best = (0, false);
        foreach (var range in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            var specific = Is(parts[0], type) ? 3 : Is(parts[0], family) ? 2 : parts[0] == "*/*" ? 1 : 0;
            if (specific > best.Specific)
                best = (specific, !parts.Skip(1).Any(IsZeroWeight));
        }

        return best.Wanted;
    }

    private static bool IsZeroWeight(string parameter) =>
        parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        && double.TryParse(parameter.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
        && weight == 0;

    private static bool Is(string range, string type) => range.Equals(type, StringComparison.OrdinalIgnoreCase);
}
