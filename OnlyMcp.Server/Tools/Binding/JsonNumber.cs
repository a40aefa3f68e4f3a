using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>A number of any C# type as a JSON number with all its digits.</summary>
internal static class JsonNumber
{
    public static JsonNode Of(IFormattable number)
    {
        using var document = JsonDocument.Parse(number.ToString(null, CultureInfo.InvariantCulture));
        return JsonValue.Create(document.RootElement.Clone())!;
    }
}
