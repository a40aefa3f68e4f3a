using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Tests.Support;

/// <summary>What of a message has to keep to which definition.</summary>
/// <param name="Schemas">Where the definition stands.</param>
/// <param name="Definition">The definition, such as <c>#/$defs/CallToolResult</c>.</param>
/// <param name="Member">The part of the message, such as <c>params.notifications</c>; "" is the whole.</param>
internal sealed record WireReference(WireSchemas Schemas, string Definition, string Member);

/// <summary>
/// The definitions of one revision's <c>schema.json</c>, and of the extension that goes with it, that a message has to keep to, and what
/// of it does not.
/// </summary>
internal sealed class WireSchemas
{
    private const string Tasks = "ext-tasks";

    private static readonly ConcurrentDictionary<string, WireSchemas> Loaded = new();

    private readonly JsonObject schema;
    private readonly JsonObject definitions;
    private readonly string prefix;
    private readonly WireSchemas? extension;
    private readonly ConcurrentDictionary<string, JsonSchema> parsed = new();

    private WireSchemas(string folder)
    {
        File = Path.Combine(TestData.Folder("spec"), folder, "schema.json");
        schema = JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsObject();
        string keyword = schema.ContainsKey("$defs") ? "$defs" : "definitions";
        definitions = schema[keyword]!.AsObject();
        prefix = $"#/{keyword}/";
        extension = folder == KnownRevisions.V20260728.Version ? Of(Tasks) : null;
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

    /// <summary>What is wrong with a value that has to keep to one definition, which is given by its name.</summary>
    public IReadOnlyList<string> Faults(string definition, JsonElement value) => [.. Faults(To(definition), value)];

    /// <summary>The members that a definition declares, or one member of it, in whatever it is made of.</summary>
    public IReadOnlySet<string> MembersOf(string definition, string member = "") =>
        DeclaredIn(definitions[definition]!).Where(declared => member.Length == 0 || declared.Key == member)
            .SelectMany(declared => member.Length == 0 ? [declared.Key] : DeclaredIn(declared.Value!).Select(inner => inner.Key))
            .ToHashSet();

    /// <summary>The definitions that a message has to keep to.</summary>
    /// <exception cref="KeyNotFoundException">The revision knows no such message.</exception>
    public IEnumerable<WireReference> References(JsonObject message, string from, string? answered)
    {
        if (message["method"] is { } named)
        {
            string kind = message.ContainsKey("id") ? "Request" : "Notification";
            return [To($"JSONRPC{kind}"), Find((string)named!, from, kind), .. FilterOf(message)];
        }

        if (message.ContainsKey("error")) return [To(FirstOf("JSONRPCErrorResponse", "JSONRPCError"))];

        WireReference envelope = To(FirstOf("JSONRPCResultResponse", "JSONRPCResponse"));
        return answered is null ? [envelope] : [envelope, ResultOf(message, from, answered) with { Member = "result" }];
    }

    private static IEnumerable<string> Faults(WireReference reference, JsonElement instance)
    {
        string[] steps = reference.Member.Split('.', StringSplitOptions.RemoveEmptyEntries);
        JsonElement part = steps.Aggregate(instance, (whole, name) => whole.GetProperty(name));
        WireSchemas schemas = reference.Schemas;
        JsonSchema parsed = schemas.parsed.GetOrAdd(reference.Definition, schemas.Parse);
        return parsed.Validate(part).Select(error => $"{reference.Definition}: {error}");
    }

    private JsonSchema Parse(string definition)
    {
        JsonObject pointed = schema.DeepClone().AsObject();
        pointed["$ref"] = definition;
        return JsonSchema.Parse(JsonSerializer.SerializeToElement(pointed));
    }

    private WireReference ResultOf(JsonObject message, string from, string method)
    {
        var result = message["result"] as JsonObject;
        switch ((string?)result?["resultType"])
        {
            case "input_required": return To("InputRequiredResult");
            case "task" when extension is not null: return extension.To("CreateTaskResult");
        }

        if (result?.ContainsKey("task") == true && definitions.ContainsKey("CreateTaskResult")) return To("CreateTaskResult");

        WireReference request = Find(method, from == "Server" ? "Client" : "Server", "Request");
        string name = request.Definition[prefix.Length..^"Request".Length] + "Result";
        return request.Schemas.definitions.ContainsKey(name) ? request.Schemas.To(name) : To("EmptyResult");
    }

    private WireReference Find(string method, string from, string kind) =>
        extension?.Own(method, kind) is { } own ? extension.To(own) : To(InUnion(method, $"{from}{kind}"));

    // A union lists what one side may send; the notifications of a client of 2026-07-28 are a single one and therefore no union.
    private string InUnion(string method, string union)
    {
        JsonArray? listed = definitions[union]?["anyOf"]?.AsArray();
        IEnumerable<string> names = listed?.Select(one => ((string)one!["$ref"]!)[prefix.Length..]) ?? [union];
        return names.FirstOrDefault(name => MethodOf(definitions[name]) == method)
            ?? throw new KeyNotFoundException($"'{method}' is no {union} of this revision.");
    }

    // The extension has no unions.
    private string? Own(string method, string kind) => definitions
        .Where(definition => definition.Key.EndsWith(kind, StringComparison.Ordinal))
        .FirstOrDefault(definition => definition.Value!["allOf"]?.AsArray().Any(part => MethodOf(part) == method) == true).Key;

    // What the extension lets a client choose to hear of stands within a message that is not the extension's own.
    private IEnumerable<WireReference> FilterOf(JsonObject message) => (extension, (string?)message["method"]) switch
    {
        ({ } tasks, "subscriptions/listen") => [tasks.To("TaskSubscriptionNotifications") with { Member = "params.notifications" }],
        ({ } tasks, "notifications/subscriptions/acknowledged") =>
            [tasks.To("TaskSubscriptionAcknowledgedNotifications") with { Member = "params.notifications" }],
        _ => [],
    };

    private static string? MethodOf(JsonNode? definition) => (string?)definition?["properties"]?["method"]?["const"];

    private IEnumerable<KeyValuePair<string, JsonNode?>> DeclaredIn(JsonNode definition)
    {
        IEnumerable<JsonNode?> parts = [.. definition["allOf"]?.AsArray() ?? [], .. definition["anyOf"]?.AsArray() ?? []];
        if ((string?)definition["$ref"] is { } other) parts = parts.Append(definitions[other[prefix.Length..]]);
        return parts.SelectMany(part => DeclaredIn(part!)).Concat(definition["properties"]?.AsObject() ?? []);
    }

    private WireReference To(string definition) => new(this, prefix + definition, "");

    private string FirstOf(string name, string olderName) => definitions.ContainsKey(name) ? name : olderName;
}
