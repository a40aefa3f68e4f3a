using System.Text.Json;
using OnlyMcp.Protocol.JsonSchemas;

namespace OnlyMcp.Tests.JsonSchemas;

/// <summary>Schemas and values as the text that a test shows.</summary>
internal static class SchemaText
{
    public static bool Accepts(string schema, string instance, JsonSchemaOptions? options = null)
        => JsonSchema.Parse(Deep(schema), options).IsValid(Deep(instance));

    /// <summary>All errors, one to a line.</summary>
    public static string Errors(string schema, string instance, JsonSchemaOptions? options = null)
        => string.Join('\n', JsonSchema.Parse(Deep(schema), options).Validate(Deep(instance)));

    public static Action Parsing(string schema, JsonSchemaOptions? options = null) => () => JsonSchema.Parse(Deep(schema), options);

    /// <summary>Reads text of any depth, as a host with other limits than the default may do.</summary>
    public static JsonElement Deep(string json)
        => JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 100_000 }).RootElement;

    public static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    /// <summary>Runs something where the stack ends early, so that a test of its end needs no document of megabytes.</summary>
    public static T OnSmallStack<T>(Func<T> work)
    {
        var task = new Task<T>(work);
        var thread = new Thread(() => task.RunSynchronously(), maxStackSize: 384 * 1024);
        thread.Start();
        thread.Join();
        return task.GetAwaiter().GetResult();
    }
}
