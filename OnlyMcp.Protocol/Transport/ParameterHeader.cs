using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace OnlyMcp.Protocol.Transport;

/// <summary>A tool's parameter whose value stands in an HTTP header too, so that proxies can route by it without reading the body.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/transports/streamable-http §Custom Headers from Tool Parameters
/// Spec: 2026-07-28 server/tools §x-mcp-header
/// </remarks>
public sealed class ParameterHeader
{
    private const long LargestSafeInteger = (1L << 53) - 1;

    internal ParameterHeader(string name, IReadOnlyList<string> path)
    {
        Name = McpHeaders.ParamPrefix + name;
        Path = path;
    }

    /// <summary>The header: <c>Mcp-Param-</c> and what the tool's schema says.</summary>
    public string Name { get; }

    /// <summary>The names of the members that lead from the arguments to the value.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The value as text, as it stands in the header before it is coded.</summary>
    /// <returns>False where there is none to mirror: it is absent, null, or of a kind that the tool's schema forbids here.</returns>
    /// <exception cref="ArgumentException">It is a whole number beyond ±(2⁵³ - 1), which not everybody could read.</exception>
    public bool TryGetText(JsonElement arguments, [NotNullWhen(true)] out string? text)
    {
        text = Find(arguments) is { } value ? TextOf(value) : null;
        return text is not null;
    }

    /// <summary>Whether a header's decoded value says the same as the arguments.</summary>
    public bool Agrees(string decoded, JsonElement arguments)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        if (Find(arguments) is not { } value)
            return false;

        // SHOULD: numbers are compared as numbers: 42.0 is 42.
        return value.ValueKind == JsonValueKind.Number
            ? decimal.TryParse(decoded, NumberStyles.Float, CultureInfo.InvariantCulture, out var told)
                && value.TryGetDecimal(out var given) && told == given
            : TextOf(value) == decoded;
    }

    private JsonElement? Find(JsonElement arguments)
    {
        var value = arguments;
        foreach (var name in Path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }

        // MUST: a parameter that is null has no header.
        return value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? value : null;
    }

    private string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => TextOfNumber(value),
    };

    private string? TextOfNumber(JsonElement value)
    {
        if (!value.TryGetDecimal(out var number) || number != decimal.Truncate(number))
            return null;

        // MUST: within what a double-precision number holds exactly.
        return Math.Abs(number) <= LargestSafeInteger
            ? decimal.Truncate(number).ToString("0", CultureInfo.InvariantCulture)
            : throw new ArgumentException(
                $"'{string.Join('.', Path)}' is {value.GetRawText()}; a whole number in a header is at most {LargestSafeInteger} either way.");
    }
}
