using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Completions;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Conformance.Server;

/// <summary>The server that the official conformance suite asks for: tools of these names that do just this.</summary>
internal static partial class ConformanceServer
{
    // The smallest picture and the shortest sound that are whole.
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static readonly byte[] Wav = [.. "RIFF"u8, 36, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 64, 31, 0, 0, 64, 31, 0, 0, 1, 0, 8, 0, .. "data"u8, 0, 0, 0, 0];

    public static McpServer Make()
    {
        var server = new McpServer("conformance", "1.0.0");
        AddContentTools(server);
        AddTalkingTools(server);
        AddAskingTools(server);
        AddInputRequiredTools(server);
        AddInputRequiredPrompt(server);
        AddSchemaTool(server);
        AddPrompts(server);
        AddResources(server);
        AddChangingTools(server);
        AddTasks(server);
        return server;
    }

    private static void AddContentTools(McpServer server)
    {
        server.AddTool("test_simple_text", "Returns a text", () => "This is a simple text response for testing.");
        server.AddTool("test_image_content", "Returns a picture", () => new ImageContent { Data = Png, MimeType = "image/png" });
        server.AddTool("test_audio_content", "Returns a sound", () => new AudioContent { Data = Wav, MimeType = "audio/wav" });
        server.AddTool("test_embedded_resource", "Returns a resource", () => Embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."));
        server.AddTool("test_multiple_content_types", "Returns a text, a picture and a resource", ContentBlock[] () =>
        [
            new TextContent { Text = "Multiple content types test:" },
            new ImageContent { Data = Png, MimeType = "image/png" },
            Embedded("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""),
        ]);
        server.AddTool("test_error_handling", "Fails on purpose", string () =>
            throw new ToolErrorException("This tool intentionally returns an error for testing"));
    }

    private static void AddTalkingTools(McpServer server)
    {
        server.AddTool("test_tool_with_logging", "Logs while it runs", async (RequestContext context) =>
        {
            foreach (var what in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
                await context.LogAsync(LoggingLevel.Info, what);
            return "Logged.";
        });
        server.AddTool("test_tool_with_progress", "Tells how far it is", (IProgress<ProgressValue> progress) =>
        {
            foreach (var percent in new[] { 0, 50, 100 })
                progress.Report(new ProgressValue(percent, 100));
            return "Done.";
        });
        server.AddTool("test_reconnection", "Sends its client away, which comes back for the answer", async (RequestContext context) =>
        {
            await context.CloseStreamAsync(retry: TimeSpan.FromMilliseconds(500));
            return "Reconnection test completed successfully.";
        });
        server.AddTool("test_x_mcp_header", "Is routed by a header", ([McpHeader("Region")] string region = "", int level = 0) => $"{region} {level}");
        server.AddTool("test_missing_capability", "Needs sampling", (RequestContext context) =>
        {
            context.Require(new ClientCapabilities { Sampling = new() });
            return "The client can sample.";
        });
        server.AddTool("test_streaming_elicitation", "Asks for nothing in the end", () => "Nothing to ask.");
        server.AddTool("test_logging_tool", "Logs, if it is wanted", async (RequestContext context) =>
        {
            await context.LogAsync(LoggingLevel.Info, "Somebody wants to hear this.");
            return "Done.";
        });
    }

    private static void AddSchemaTool(McpServer server)
    {
        var tool = new Tool
        {
            Name = "json_schema_2020_12_tool",
            Description = "Has a schema of many keywords",
            InputSchema = JsonElement.Parse("""
                {
                  "$schema": "https://json-schema.org/draft/2020-12/schema",
                  "type": "object",
                  "$defs": {
                    "address": {
                      "$anchor": "addressDef",
                      "type": "object",
                      "properties": { "street": { "type": "string" }, "city": { "type": "string" } }
                    }
                  },
                  "properties": {
                    "name": { "type": "string" },
                    "address": { "$ref": "#/$defs/address" },
                    "contactMethod": { "type": "string", "enum": ["phone", "email"] },
                    "phone": { "type": "string" },
                    "email": { "type": "string" }
                  },
                  "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
                  "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
                  "then": { "required": ["phone"] },
                  "else": { "required": ["email"] },
                  "additionalProperties": false
                }
                """),
        };
        server.AddTool(tool, (arguments, _, _) => new(ToolResults.Text($"The schema let {arguments.GetRawText()} pass.")));
    }

    private static void AddPrompts(McpServer server)
    {
        server.AddPrompt("test_simple_prompt", "Says one thing", () => "This is a simple prompt for testing.");
        server.AddPrompt(
            "test_prompt_with_arguments",
            "Repeats its arguments",
            ([CompletesWith("testValue1", "testing")] string arg1, string arg2) => $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'");
        server.AddPrompt("test_prompt_with_embedded_resource", "Holds a resource", ContentBlock[] (string resourceUri) =>
        [
            Embedded(resourceUri, "text/plain", "Embedded resource content for testing."),
            new TextContent { Text = "Please process the embedded resource above." },
        ]);
        server.AddPrompt("test_prompt_with_image", "Holds a picture", ContentBlock[] () =>
        [
            new ImageContent { Data = Png, MimeType = "image/png" },
            new TextContent { Text = "Please analyze the image above." },
        ]);
    }

    private static void AddResources(McpServer server)
    {
        server.AddResource("test://static-text", "static-text", "This is the content of the static text resource.");
        server.AddResource("test://static-binary", "static-binary", Png, "image/png");
        server.AddResource("test://watched-resource", "watched-resource", () => "This is the content of the watched resource.");
        server.AddResourceTemplate(
            "test://template/{id}/data", "template", (string id) => new { id, templateTest = true, data = $"Data for ID: {id}" }, "application/json");
    }

    private static void AddChangingTools(McpServer server)
    {
        server.AddTool("test_trigger_tool_change", "Changes the list of tools", () =>
        {
            if (!server.Tools.Remove("test_dynamic_tool"))
                server.AddTool("test_dynamic_tool", "Comes and goes", () => "Here for now.");
            return "Changed.";
        });
        server.AddTool("test_trigger_prompt_change", "Changes the list of prompts", () =>
        {
            if (!server.Prompts.Remove("test_dynamic_prompt"))
                server.AddPrompt("test_dynamic_prompt", "Comes and goes", () => "Here for now.");
            return "Changed.";
        });
    }

    private static EmbeddedResource Embedded(string uri, string mimeType, string text) =>
        new() { Resource = new TextResourceContents { Uri = uri, MimeType = mimeType, Text = text } };
}
