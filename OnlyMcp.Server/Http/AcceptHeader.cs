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
        foreach (var part in header.AsSpan().Split(','))
        {
            var range = header.AsSpan()[part];
            var end = range.IndexOf(';');
            var name = (end < 0 ? range : range[..end]).Trim();
            var specific = Is(name, type) ? 3 : Is(name, family) ? 2 : name is "*/*" ? 1 : 0;
            if (specific > best.Specific)
                best = (specific, end < 0 || !HasZeroWeight(range[(end + 1)..]));
        }

        return best.Wanted;
    }

    private static bool HasZeroWeight(ReadOnlySpan<char> parameters)
    {
        foreach (var part in parameters.Split(';'))
        {
            var parameter = parameters[part].Trim();
            if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
                && weight == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<char> range, string type) => range.Equals(type, StringComparison.OrdinalIgnoreCase);
}
