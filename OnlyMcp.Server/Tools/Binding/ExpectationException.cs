using System.Text.Json;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>
/// What our converters throw: it carries the end of the sentence "expected ...". System.Text.Json adds the path on the way out.
/// </summary>
internal sealed class ExpectationException(string expected) : JsonException($"Expected {expected}.")
{
    public string Expected { get; } = expected;
}
