using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Schema;

/// <summary>The records of both forms of tasks, against the two schemas that declare them.</summary>
public sealed class TaskRecordTests
{
    private const string Legacy = "2025-11-25";
    private const string Modern = "ext-tasks";

    // A definition of a schema, and the part of it that the record stands for.
    private static readonly (string Schema, string Definition, string Part, JsonTypeInfo Type)[] Records =
    [
        (Modern, "CreateTaskResult", "", McpJson.Wire.CreateTaskResult),
        (Modern, "GetTaskRequest", "params", McpJson.Wire.GetTaskRequestParams),
        (Modern, "GetTaskResult", "", McpJson.Wire.GetTaskResult),
        (Modern, "UpdateTaskRequest", "params", McpJson.Wire.UpdateTaskRequestParams),
        (Modern, "UpdateTaskResult", "", McpJson.Wire.EmptyResult),
        (Modern, "CancelTaskRequest", "params", McpJson.Wire.CancelTaskRequestParams),
        (Modern, "CancelTaskResult", "", McpJson.Wire.EmptyResult),
        (Modern, "TaskStatusNotificationParams", "", McpJson.Wire.TaskStatusNotificationParams),
        (Modern, "Error", "", McpJson.Wire.TaskError),
        (Legacy, "Task", "", McpJson.Wire.LegacyTask),
        (Legacy, "TaskMetadata", "", McpJson.Wire.TaskMetadata),
        (Legacy, "CreateTaskResult", "", McpJson.Wire.CreateLegacyTaskResult),
        (Legacy, "GetTaskRequest", "params", McpJson.Wire.LegacyTaskRequestParams),
        (Legacy, "GetTaskResult", "", McpJson.Wire.LegacyTaskResult),
        (Legacy, "GetTaskPayloadRequest", "params", McpJson.Wire.LegacyTaskRequestParams),
        (Legacy, "CancelTaskRequest", "params", McpJson.Wire.LegacyTaskRequestParams),
        (Legacy, "CancelTaskResult", "", McpJson.Wire.LegacyTaskResult),
        (Legacy, "PaginatedRequestParams", "", McpJson.Wire.ListTasksRequestParams),
        (Legacy, "ListTasksResult", "", McpJson.Wire.ListTasksResult),
        (Legacy, "TaskStatusNotificationParams", "", McpJson.Wire.LegacyTaskStatusNotificationParams),
        (Legacy, "RelatedTaskMetadata", "", McpJson.Wire.RelatedTaskMetadata),
        (Legacy, "ToolExecution", "", McpJson.Wire.ToolExecution),
        (Legacy, "ServerCapabilities", "tasks", McpJson.Wire.ServerTasksCapability),
        (Legacy, "ClientCapabilities", "tasks", McpJson.Wire.ClientTasksCapability),
    ];

    // What several of the values below say; a part may name a later one.
    private static readonly (string Name, string Text)[] Parts =
    [
        ("OUR-TASK", "\"taskId\":\"7f\",\"statusMessage\":\"2 of 9\",TIMES,\"ttlMs\":90000,\"pollIntervalMs\":750"),
        ("ITS-TASK", "\"taskId\":\"7f\",\"statusMessage\":\"2 of 9\",TIMES,\"ttl\":90000,\"pollInterval\":750"),
        ("TIMES", "\"createdAt\":\"2026-03-01T08:00:00.000Z\",\"lastUpdatedAt\":\"2026-03-01T08:00:05.250Z\""),
        ("QUESTIONS", """{"which":{"method":"elicitation/create","params":{"mode":"form","message":"Which?","requestedSchema":FORM}}}"""),
        ("FORM", """{"type":"object","properties":{"a":{"type":"boolean"}}}"""),
        ("METADATA", """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"""),
    ];

    private static readonly (string Schema, string Definition, JsonTypeInfo Type, string Json)[] Values =
    [
        (Modern, "CreateTaskResult", McpJson.Wire.CreateTaskResult, Ours("working", ""","resultType":"task","_meta":{"a":1}""")),
        (Modern, "GetTaskResult", McpJson.Wire.GetTaskResult, Ours("working", Complete)),
        (Modern, "GetTaskResult", McpJson.Wire.GetTaskResult, Ours("input_required", ""","inputRequests":QUESTIONS""" + Complete)),
        (Modern, "GetTaskResult", McpJson.Wire.GetTaskResult, Ours("completed", ""","result":{"content":[],"isError":true}""" + Complete)),
        (Modern, "GetTaskResult", McpJson.Wire.GetTaskResult, Ours("failed", ""","error":{"code":-32603,"message":"No.","data":[1]}""" + Complete)),
        (Modern, "GetTaskResult", McpJson.Wire.GetTaskResult, Ours("cancelled", Complete)),
        (Modern, Told, McpJson.Wire.TaskStatusNotificationParams, Ours("working", ""","_meta":{"a":1}""")),
        (Modern, Told, McpJson.Wire.TaskStatusNotificationParams, Ours("input_required", ""","inputRequests":QUESTIONS""")),
        (Modern, Told, McpJson.Wire.TaskStatusNotificationParams, Ours("completed", ""","result":{}""")),
        (Modern, Told, McpJson.Wire.TaskStatusNotificationParams, Ours("failed", ""","error":{"code":1,"message":""}""")),
        (Legacy, "CreateTaskResult", McpJson.Wire.CreateLegacyTaskResult, """{"task":""" + Its("working") + ""","_meta":{"a":1}}"""),
        (Legacy, "GetTaskResult", McpJson.Wire.LegacyTaskResult, Its("input_required")),
        (Legacy, "CancelTaskResult", McpJson.Wire.LegacyTaskResult, Its("cancelled")),
        (Legacy, "ListTasksResult", McpJson.Wire.ListTasksResult, """{"nextCursor":"x","tasks":[""" + Its("failed") + "]}"),
        (Legacy, Told, McpJson.Wire.LegacyTaskStatusNotificationParams, Its("completed")),
        (Legacy, "RelatedTaskMetadata", McpJson.Wire.RelatedTaskMetadata, """{"taskId":"7f"}"""),
        (Legacy, "TaskMetadata", McpJson.Wire.TaskMetadata, """{"ttl":1}"""),
        (Legacy, "ToolExecution", McpJson.Wire.ToolExecution, """{"taskSupport":"required"}"""),
    ];

    // Each with a place at which it breaks.
    private static readonly (string From, string? Answered, string Json, string Place)[] Messages =
    [
        ("Client", null, Asked("tasks/get", """{"taskId":"7f","_meta":METADATA}"""), "params.taskId"),
        ("Client", null, Asked("tasks/update", """{"taskId":"7f","inputResponses":{},"_meta":METADATA}"""), "params.inputResponses"),
        ("Client", null, Asked("subscriptions/listen", """{"notifications":{"taskIds":["7f"]},"_meta":METADATA}"""), "params.notifications.taskIds.0"),
        ("Server", null, Noted("notifications/subscriptions/acknowledged", """{"notifications":{"taskIds":["7f"]}}"""), "params.notifications.taskIds.0"),
        ("Server", null, Noted("notifications/tasks", Ours("completed", ""","result":{}""")), "params.result"),
        ("Server", "tools/call", Answered(Ours("working", ""","resultType":"task" """)), "result.ttlMs"),
        ("Server", "tasks/get", Answered(Ours("failed", ""","error":{"code":1,"message":""}""" + Complete)), "result.error.code"),
        ("Server", "tasks/update", Answered("""{"resultType":"complete"}"""), "result.resultType"),
    ];

    private const string Told = "TaskStatusNotificationParams";
    private const string Complete = ",\"resultType\":\"complete\"";

    private static IEnumerable<TestCaseData> AllRecords =>
        Records.Select(record => new TestCaseData(record).SetArgDisplayNames($"{record.Schema} {record.Definition}"));

    private static IEnumerable<TestCaseData> AllValues =>
        Values.Select((value, index) => new TestCaseData(value).SetArgDisplayNames($"{index} {value.Schema} {value.Definition}"));

    /// <summary>The values, with the records that read them.</summary>
    public static IEnumerable<(JsonTypeInfo Type, JsonNode Example)> All() => Values.Select(value => (value.Type, JsonNode.Parse(Filled(value.Json))!));

    [TestCaseSource(nameof(AllRecords))]
    public void A_record_has_the_members_that_its_schema_declares((string Schema, string Definition, string Part, JsonTypeInfo Type) record)
    {
        // These stand on results of all kinds, whether or not a definition repeats them.
        string[] stamps = ["_meta", "resultType", "ttlMs", "cacheScope"];
        string[] members = [.. record.Type.Properties.Where(member => !member.IsExtensionData).Select(member => member.Name)];

        IReadOnlySet<string> declared = WireSchemas.Of(record.Schema).MembersOf(record.Definition, record.Part);

        declared.Except(["_meta", "resultType"]).Should().BeSubsetOf(members);
        members.Except(declared).Should().BeSubsetOf(stamps);
    }

    [TestCaseSource(nameof(AllValues))]
    public void A_value_is_read_and_written_without_loss_and_keeps_to_its_schema(
        (string Schema, string Definition, JsonTypeInfo Type, string Json) value)
    {
        string json = Filled(value.Json);

        string written = JsonSerializer.Serialize(JsonSerializer.Deserialize(json, value.Type), value.Type);

        JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(json)).Should().BeTrue($"{json} became {written}");
        WireSchemas.Of(value.Schema).Faults(value.Definition, JsonElement.Parse(written)).Should().BeEmpty();
    }

    [Test]
    public void A_task_that_is_kept_for_ever_says_null()
    {
        JsonElement ours = Rewritten(McpJson.Wire.GetTaskResult, """{"taskId":"7f","status":"working","resultType":"complete",TIMES}""");
        JsonElement its = Rewritten(McpJson.Wire.LegacyTaskResult, """{"taskId":"7f","status":"working",TIMES}""");

        ours.GetProperty("ttlMs").ValueKind.Should().Be(JsonValueKind.Null);
        its.GetProperty("ttl").ValueKind.Should().Be(JsonValueKind.Null);
        WireSchemas.Of(Modern).Faults("GetTaskResult", ours).Should().BeEmpty();
        WireSchemas.Of(Legacy).Faults("GetTaskResult", its).Should().BeEmpty();
    }

    // The examples of the extension's page have it so, against a rule of the same page.
    [Test]
    [Spec("ext-tasks tasks §Task Execution Errors")]
    public void The_answer_to_a_poll_is_read_even_if_it_calls_itself_a_new_task()
    {
        string json = Ours("failed", ""","error":{"code":1,"message":"No."},"resultType":"task" """);

        Read(McpJson.Wire.GetTaskResult, json).Error.Should().Be(new TaskError { Code = 1, Message = "No." });
    }

    [Test]
    public void What_a_task_says_beyond_the_protocol_is_passed_over()
    {
        Read(McpJson.Wire.GetTaskResult, Ours("working", ""","owner":{"a":[]},"ttl":"x" """)).TtlMs.Should().Be(90000);
        Read(McpJson.Wire.LegacyTaskResult, """{"owner":{"a":[]},"ttlMs":"x","status":"working",ITS-TASK}""").Ttl.Should().Be(90000);
    }

    [TestCase("2026-03-01T08:00:00Z")]
    [TestCase("2026-03-01T08:00:00.0Z")]
    [TestCase("2026-03-01T08:00:00.000000Z")]
    [TestCase("2026-03-01T08:00:00.000000000+00:00")]
    [TestCase("2026-03-01T13:30:00+05:30")]
    [TestCase("2026-02-28T20:00:00.000-12:00")]
    [TestCase("2026-03-01T08:00:00")]
    public void A_point_in_time_is_read_in_any_of_its_forms_and_written_in_one(string time)
    {
        string json = $$"""{"taskId":"7f","status":"working","createdAt":"2026-03-01T00:00:00Z","lastUpdatedAt":"{{time}}"}""";
        var due = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

        Read(McpJson.Wire.GetTaskResult, json).LastUpdatedAt.Should().Be(due);
        Read(McpJson.Wire.LegacyTaskResult, json).LastUpdatedAt.Should().Be(due);
        Rewritten(McpJson.Wire.GetTaskResult, json).GetProperty("lastUpdatedAt").GetString().Should().Be("2026-03-01T08:00:00.000Z");
    }

    [Test]
    public void A_message_of_the_extension_keeps_to_its_schema_until_it_breaks()
    {
        foreach ((string from, string? answered, string json, string place) in Messages)
        {
            JsonObject message = JsonNode.Parse(Filled(json))!.AsObject();
            WireSchemas.Of("2026-07-28").Faults(message, from, answered).Should().BeEmpty(json);

            Break(message, place.Split('.'));
            WireSchemas.Of("2026-07-28").Faults(message, from, answered).Should().NotBeEmpty($"{json} is broken at {place}");
        }
    }

    private static void Break(JsonNode whole, string[] place)
    {
        JsonNode parent = place.SkipLast(1).Aggregate(whole, (node, step) => node[step]!);
        if (parent is JsonArray list) list[0] = 1;
        else parent.AsObject().Remove(place[^1]);
    }

    private static string Ours(string status, string more) => "{OUR-TASK,\"status\":\"" + status + "\"" + more + "}";

    private static string Its(string status) => "{ITS-TASK,\"status\":\"" + status + "\"}";

    private static string Asked(string method, string parameters) =>
        """{"jsonrpc":"2.0","id":1,"method":"METHOD","params":""".Replace("METHOD", method, StringComparison.Ordinal) + parameters + "}";

    private static string Noted(string method, string parameters) => Asked(method, parameters).Replace("\"id\":1,", "", StringComparison.Ordinal);

    private static string Answered(string result) => """{"jsonrpc":"2.0","id":1,"result":""" + result + "}";

    private static string Filled(string json) => Parts.Aggregate(json, (text, part) => text.Replace(part.Name, part.Text, StringComparison.Ordinal));

    private static JsonElement Rewritten<T>(JsonTypeInfo<T> type, string json) => JsonSerializer.SerializeToElement(Read(type, json), type);

    private static T Read<T>(JsonTypeInfo<T> type, string json) => JsonSerializer.Deserialize(Filled(json), type)!;
}
