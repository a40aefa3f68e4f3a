using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace CalculatorAndWeatherServer;

/// <summary>Adds, subtracts, multiplies and divides. Its schema is given: what it forbids never gets here.</summary>
internal static class CalculatorTool
{
    public static Tool Definition { get; } = new()
    {
        Name = "calculator",
        Description = "Calculator tool - performs basic math operations",
        InputSchema = JsonElement.Parse(
            """
            {
              "type": "object",
              "properties": {
                "operation": { "type": "string", "enum": ["add", "subtract", "multiply", "divide"] },
                "a": { "type": "number" },
                "b": { "type": "number" }
              },
              "required": ["operation", "a", "b"],
              "additionalProperties": false,
              "$schema": "http://json-schema.org/draft-07/schema#"
            }
            """),
    };

    public static ValueTask<Result> CallAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken) =>
        new(Calculate(
            arguments.GetProperty("operation").GetString()!,
            arguments.GetProperty("a").GetDouble(),
            arguments.GetProperty("b").GetDouble()));

    private static CallToolResult Calculate(string operation, double a, double b)
    {
        if (operation == "divide" && b == 0)
            return ToolResults.Error("Error: Division by zero");

        var result = operation switch
        {
            "add" => a + b,
            "subtract" => a - b,
            "multiply" => a * b,
            _ => a / b,
        };
        return ToolResults.Text(
            $"Result of {operation} {JavaScriptNumber.Format(a)} and {JavaScriptNumber.Format(b)}: {JavaScriptNumber.Format(result)}");
    }
}
