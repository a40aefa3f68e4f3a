using System.Text.Json;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Turns a failure of the serializer into path, expected and received.</summary>
internal static class BindingFailure
{
    private const int LongestReceived = 60;

    public static InvalidToolInputException Explain(Exception failure, JsonElement arguments)
    {
        List<string> steps = SerializerPath.Steps((failure as JsonException)?.Path);
        string received = Follow(arguments, steps) is { } found ? Describe(found) : "nothing";
        string pointer = string.Concat(steps.Select(step => "/" + step.Replace("~", "~0").Replace("/", "~1")));
        return new InvalidToolInputException(pointer, Expected(failure), received, failure);
    }

    private static string Expected(Exception failure)
    {
        if (failure is ExpectationException ours) return ours.Expected;
        // The serializer ends its sentence with a path of its own and the position in a text that nobody sees.
        string sentence = failure.Message.Split(" Path: ")[0].TrimEnd('.');
        return $"what the tool's input schema describes ({sentence})";
    }

    private static JsonElement? Follow(JsonElement element, List<string> steps)
    {
        foreach (string step in steps)
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step, out JsonElement member)) element = member;
            else if (element.ValueKind == JsonValueKind.Array && int.TryParse(step, out int i) && i < element.GetArrayLength()) element = element[i];
            else return null;
        }
        return element;
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => Shortened(element.GetRawText()),
    };

    private static string Shortened(string text) => text.Length <= LongestReceived ? text : text[..LongestReceived] + "…";
}
