using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.JsonSchemas;

namespace OnlyMcp.Tests.Support;

/// <summary>The definitions of one revision's <c>schema.json</c> that a message has to keep to, and what of it does not.</summary>
internal sealed class WireSchemas
{
    private static readonly ConcurrentDictionary<string, WireSchemas> Loaded = new();

    private readonly JsonObject schema;
    private readonly JsonObject definitions;
    private readonly string prefix;
    private readonly ConcurrentDictionary<string, JsonSchema> parsed = new();

    private WireSchemas(string revision)
    {
        File = Path.Combine(TestData.Folder("spec"), revision, "schema.json");
        schema = JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsObject();
        string keyword = schema.ContainsKey("$defs") ? "$defs" : "definitions";
        definitions = schema[keyword]!.AsObject();
        prefix = $"#/{keyword}/";
    }

    /// <summary>Where the schema is.</summary>
    public string File { get; }

    public static WireSchemas Of(string revision) => Loaded.GetOrAdd(revision, key => new WireSchemas(key));

    /// <summary>What is wrong with a message; nothing if it keeps to the schema.</summary>
    /// <param name="message">One message, not a batch.</param>
    /// <param name="from">Who has sent it: <c>Client</c> or <c>Server</c>.</param>
    /// <param name="answered">For a response, the method of its request; null where its sender could not know it.</param>
    public IReadOnlyList<string> Faults(JsonObject message, string from, string? answered)
    {
        JsonElement instance = JsonSerializer.SerializeToElement(message);
        try
        {
            return [.. References(message, from, answered).SelectMany(reference => Faults(reference, instance))];
        }
        catch (KeyNotFoundException unknown)
        {
            return [unknown.Message];
        }
    }

    /// <summary>The definitions that a message has to keep to, each with the member of it that does: "" is the whole.</summary>
    /// <exception cref="KeyNotFoundException">The revision knows no such message.</exception>
    public IEnumerable<(string Definition, string Member)> References(JsonObject message, string from, string? answered)
    {
        if (message["method"] is { } method)
        {
            string kind = message.ContainsKey("id") ? "Request" : "Notification";
            return [(prefix + $"JSONRPC{kind}", ""), (prefix + Find((string)method!, $"{from}{kind}"), "")];
        }

        if (message.ContainsKey("error")) return [(prefix + FirstOf("JSONRPCErrorResponse", "JSONRPCError"), "")];

        (string, string) envelope = (prefix + FirstOf("JSONRPCResultResponse", "JSONRPCResponse"), "");
        return answered is null ? [envelope] : [envelope, (prefix + ResultOf(message, from, answered), "result")];
    }

    private IEnumerable<string> Faults((string Definition, string Member) reference, JsonElement instance)
    {
        JsonElement part = reference.Member.Length == 0 ? instance : instance.GetProperty(reference.Member);
        return parsed.GetOrAdd(reference.Definition, Parse).Validate(part).Select(error => $"{reference.Definition}: {error}");
    }

    private JsonSchema Parse(string definition)
    {
        JsonObject pointed = schema.DeepClone().AsObject();
        pointed["$ref"] = definition;
        return JsonSchema.Parse(JsonSerializer.SerializeToElement(pointed));
    }

    private string ResultOf(JsonObject message, string from, string method)
    {
        if ((string?)(message["result"] as JsonObject)?["resultType"] == "input_required") return "InputRequiredResult";

        string request = Find(method, from == "Server" ? "ClientRequest" : "ServerRequest");
        string result = request[..^"Request".Length] + "Result";
        return definitions.ContainsKey(result) ? result : "EmptyResult";
    }

    // A union lists what one side may send; the notifications of a client of 2026-07-28 are a single one and therefore no union.
    private string Find(string method, string union)
    {
        JsonArray? listed = definitions[union]?["anyOf"]?.AsArray();
        IEnumerable<string> names = listed?.Select(one => ((string)one!["$ref"]!)[prefix.Length..]) ?? [union];
        return names.FirstOrDefault(name => (string?)definitions[name]?["properties"]?["method"]?["const"] == method)
            ?? throw new KeyNotFoundException($"'{method}' is no {union} of this revision.");
    }

    private string FirstOf(string name, string olderName) => definitions.ContainsKey(name) ? name : olderName;
}
