using System.Text.Encodings.Web;
using System.Text.Json;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Tests.Tools;

/// <summary>What the tests know about a call: enough to see it injected.</summary>
internal sealed record CallContext(string User);

/// <summary>Short ways from a delegate to its schema, its values and its result.</summary>
internal static class Signatures
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    /// <summary>A long text written over several lines.</summary>
    public static string Joined(string lines) => string.Concat(lines.Split('\n').Select(line => line.Trim()));

    public static JsonElement InputSchemaOf(Delegate tool, JsonSerializerOptions? options = null) =>
        InputSchema.Of(ToolSignature<CallContext>.Of(tool).Bound, BindingOptions.ForArguments(options));

    public static string InputSchemaTextOf(Delegate tool) => JsonSerializer.Serialize(InputSchemaOf(tool), Readable);

    /// <summary>The schema of a tool's only parameter.</summary>
    public static string ShapeOf<T>() => ParameterShapeOf((T value) => { });

    public static string ParameterShapeOf(Delegate tool) =>
        JsonSerializer.Serialize(InputSchemaOf(tool).GetProperty("properties").EnumerateObject().Single().Value, Readable);

    public static string? OutputSchemaTextOf(Delegate tool) =>
        OutputSchema.Of(tool.Method, BindingOptions.ForResults(null)) is { } schema ? JsonSerializer.Serialize(schema, Readable) : null;

    public static object?[] Bind(Delegate tool, string arguments) => BinderOf(tool).Bind(Json(arguments));

    public static ArgumentBinder BinderOf(Delegate tool) =>
        new(ToolSignature<CallContext>.Of(tool).Bound, BindingOptions.ForArguments(null));
}
