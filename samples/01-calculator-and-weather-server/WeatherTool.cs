using System.Text.Encodings.Web;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace CalculatorAndWeatherServer;

/// <summary>Tells the weather of a place: always 20 degrees and a sandstorm, unless there is a service to ask.</summary>
internal sealed class WeatherTool(OpenMeteo? service)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Tool Definition { get; } = new()
    {
        Name = "weather",
        Description = "Weather tool - gets the weather for a given location",
        InputSchema = JsonElement.Parse(
            """
            {
              "type": "object",
              "properties": { "location": { "type": "string" } },
              "required": ["location"],
              "additionalProperties": false,
              "$schema": "http://json-schema.org/draft-07/schema#"
            }
            """),
    };

    public async ValueTask<Result> CallAsync(
        JsonElement arguments, RequestContext context, CancellationToken cancellationToken)
    {
        var location = arguments.GetProperty("location").GetString()!;
        if (service is null)
            return Result(new Weather(location, 20, "sandstorm"));

        try
        {
            return await service.AskAsync(location, cancellationToken) is { } weather
                ? Result(weather)
                : ToolResults.Error($"Error: No place called '{location}' is known");
        }
        catch (WeatherServiceException fault)
        {
            return ToolResults.Error("Error: " + fault.Message);
        }
    }

    private static CallToolResult Result(Weather weather)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Readable))
        {
            json.WriteStartObject();
            json.WriteString("location", weather.Location);
            json.WritePropertyName("temperature");
            json.WriteRawValue(JavaScriptNumber.Format(weather.Temperature));
            json.WriteString("weather", weather.Sky);
            json.WriteEndObject();
        }

        return ToolResults.Text(System.Text.Encoding.UTF8.GetString(text.ToArray()));
    }
}
