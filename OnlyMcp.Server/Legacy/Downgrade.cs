using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Legacy;

/// <summary>Reshapes what an older revision has no room for. Members that it merely does not know are left: no schema forbids them.</summary>
/// <remarks>Spec: 2025-11-25 server/tools §Structured Content</remarks>
internal static partial class Downgrade
{
    public static Result ToFit(Result result, Revision revision) => WithoutHints(WithoutType(result), revision) switch
    {
        CallToolResult call => ToFit(call, revision),
        GetPromptResult prompt when prompt.Messages.Any(message => !Fits(message.Content, revision)) =>
            prompt with { Messages = [.. prompt.Messages.Select(message => ToFit(message, revision))] },
        ListToolsResult list when list.Tools.Any(tool => !Fits(tool, revision)) =>
            list with { Tools = [.. list.Tools.Select(tool => ToFit(tool, revision))] },
        var fitting => fitting,
    };

    // Stands on what a handler passes on from a newer server. Types that an extension adds say something, and stay.
    private static Result WithoutType(Result result) => result.ResultType == ResultTypes.Complete ? result with { ResultType = null } : result;

    // Nobody knows them there, and a peer that keeps to its schema to the letter may stumble over them.
    private static Result WithoutHints(Result result, Revision revision) =>
        !revision.HasCacheHints && result is CacheableResult { TtlMs: not null } or CacheableResult { CacheScope: not null }
            ? (CacheableResult)result with { TtlMs = null, CacheScope = null }
            : result;

    private static PromptMessage ToFit(PromptMessage message, Revision revision) =>
        Fits(message.Content, revision) ? message : message with { Content = AsText(message.Content) };

    private static CallToolResult ToFit(CallToolResult result, Revision revision)
    {
        if (result.StructuredContent is { } structured && !Fits(structured, revision))
            result = result with { StructuredContent = null };

        return Fits(result.Content, revision)
            ? result
            : result with { Content = [.. result.Content.Select(block => Fits(block, revision) ? block : AsText(block))] };
    }

    private static bool Fits(IReadOnlyList<ContentBlock> content, Revision revision)
    {
        // By position: this runs for every call.
        for (var i = 0; i < content.Count; i++)
        {
            if (!Fits(content[i], revision))
                return false;
        }

        return true;
    }

    private static bool Fits(JsonElement structured, Revision revision) => revision.StructuredContent switch
    {
        StructuredContent.AnyJson => true,
        StructuredContent.ObjectsOnly => structured.ValueKind == JsonValueKind.Object,
        _ => false,
    };

    private static bool Fits(ContentBlock block, Revision revision) => block switch
    {
        AudioContent => revision.HasAudioContent,
        ResourceLink => revision.HasResourceLinks,
        _ => true,
    };

    // Words in place of what cannot be shown: a model that reads them knows that something is missing, and what.
    private static TextContent AsText(ContentBlock block) => new()
    {
        Text = block switch
        {
            AudioContent audio => $"[audio, {audio.MimeType}, {audio.Data.Length} bytes: this protocol version cannot carry it]",
            ResourceLink link => $"[resource {link.Name}: {link.Uri}]",
            _ => $"[{block.Type}]",
        },
        Annotations = block.Annotations,
    };

    private static bool Fits(Tool tool, Revision revision) =>
        (tool.OutputSchema is not { } output || FitsAsOutput(output, revision))
        && (revision.HasBooleanSchemas || !HasBooleanProperty(tool.InputSchema));

    private static bool FitsAsOutput(JsonElement schema, Revision revision) => revision.StructuredContent switch
    {
        StructuredContent.AnyJson => true,
        StructuredContent.ObjectsOnly => SaysObject(schema) && !HasBooleanProperty(schema),
        _ => false,
    };

    private static Tool ToFit(Tool tool, Revision revision)
    {
        var output = tool.OutputSchema is { } schema && !FitsAsOutput(schema, revision) ? null : tool.OutputSchema;
        var input = revision.HasBooleanSchemas ? tool.InputSchema : WithoutBooleanProperties(tool.InputSchema);
        return tool with { InputSchema = input, OutputSchema = output };
    }

    private static bool SaysObject(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object");

    private static bool HasBooleanProperty(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties)
        && properties.EnumerateObject().Any(property => property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False);

    /// <summary><c>true</c> allows anything, as <c>{}</c> does; <c>false</c> allows nothing, as <c>{"not":{}}</c> does.</summary>
    private static JsonElement WithoutBooleanProperties(JsonElement schema)
    {
        if (!HasBooleanProperty(schema))
            return schema;

        var node = System.Text.Json.Nodes.JsonObject.Create(schema)!;
        var properties = node["properties"]!.AsObject();
        foreach (var name in properties.Select(property => property.Key).ToArray())
        {
            if (properties[name]?.GetValueKind() == JsonValueKind.True)
                properties[name] = new System.Text.Json.Nodes.JsonObject();
            else if (properties[name]?.GetValueKind() == JsonValueKind.False)
                properties[name] = new System.Text.Json.Nodes.JsonObject { ["not"] = new System.Text.Json.Nodes.JsonObject() };
        }

        return JsonElement.Parse(node.ToJsonString());
    }
}
