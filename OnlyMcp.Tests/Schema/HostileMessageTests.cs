using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;

namespace OnlyMcp.Tests.Schema;

/// <summary>Messages that are no good: what is wrong is said in words, with the place.</summary>
public sealed class HostileMessageTests
{
    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case(McpJson.Wire.ListPromptsResult, """{"prompts":[{"name":"a"},null]}""", "$.prompts[1]: null is no value here.");
        yield return Case(
            McpJson.Wire.ListPromptsResult,
            """{"prompts":[{"name":"a","arguments":[null]}]}""",
            "$.prompts[0].arguments[0]: *");
        yield return Case(McpJson.Wire.ListPromptsResult, """{"prompts":{}}""", "$.prompts: Not a list.");
        yield return Case(McpJson.Wire.ListPromptsResult, """{"prompts":null}""", "*prompts*");
        yield return Case(McpJson.Wire.ListPromptsResult, """{"prompts":[{"title":"a"}]}""", "$.prompts[0]: *'name'*");
        yield return Case(McpJson.Wire.ListPromptsResult, """{"prompts":[{"name":1}]}""", "$.prompts[0].name: *");
        yield return Case(McpJson.Wire.ListPromptsResult, "{}", "*'prompts'*");
        yield return Case(McpJson.Wire.ListToolsResult, """{"tools":[null]}""", "$.tools[0]: *");
        yield return Case(
            McpJson.Wire.GetPromptRequestParams,
            """{"name":"a","arguments":{"b":null}}""",
            "$.arguments.b: null is no value here.");
        yield return Case(McpJson.Wire.GetPromptRequestParams, """{"name":"a","arguments":{"b":1}}""", "$.arguments.b: *");
        yield return Case(McpJson.Wire.GetPromptRequestParams, """{"name":"a","arguments":{"b c":1}}""", "$.arguments['b c']: *");
        yield return Case(McpJson.Wire.GetPromptRequestParams, """{"name":"a","arguments":["b"]}""", "$.arguments: Not an object.");
        yield return Case(
            McpJson.Wire.GetPromptRequestParams,
            """{"name":"a","arguments":{"b":"","b":""}}""",
            "$.arguments: *'b' comes twice.");
        yield return Case(
            McpJson.Wire.GetPromptResult,
            """{"messages":[{"role":"user","content":{"type":"text"}}]}""",
            "$.messages[0].content: *'text'*");
        yield return Case(
            McpJson.Wire.GetPromptResult,
            """{"messages":[{"role":"system","content":{"type":"text","text":""}}]}""",
            "$.messages[0].role: Not one of user, assistant.");
        yield return Case(
            McpJson.Wire.GetPromptResult,
            """{"messages":[{"role":"user","content":[]}]}""",
            "$.messages[0].content: Content is an object.");
        yield return Case(McpJson.Wire.ListResourcesResult, """{"resources":[{"uri":"a:b"}]}""", "$.resources[0]: *'name'*");
        yield return Case(
            McpJson.Wire.ListResourceTemplatesResult,
            """{"resourceTemplates":[{"name":"a","uri":"a:b"}]}""",
            "*'uriTemplate'*");
        yield return Case(
            McpJson.Wire.ReadResourceResult,
            """{"contents":[null]}""",
            "$.contents[0]: The contents of a resource are an object.");
        yield return Case(
            McpJson.Wire.ReadResourceResult,
            """{"contents":[{"uri":"a:b","blob":"?"}]}""",
            "$.contents[0].blob: Not a string of valid base64.");
        yield return Case(McpJson.Wire.ReadResourceRequestParams, """{"uri":null}""", "*uri*");
        yield return Case(
            McpJson.Wire.CompleteRequestParams,
            Complete("""{"type":"ref/tool","name":"a"}"""),
            "$.ref: Unknown type of reference: 'ref/tool'.*");
        yield return Case(
            McpJson.Wire.CompleteRequestParams,
            Complete("""{"name":"a"}"""),
            "$.ref: The reference of a completion needs a member 'type'*");
        yield return Case(McpJson.Wire.CompleteRequestParams, Complete("""{"type":"ref/resource","name":"a"}"""), "$.ref: *'uri'*");
        yield return Case(McpJson.Wire.CompleteRequestParams, Complete("null"), "$.ref: The reference of a completion is an object.");
        yield return Case(
            McpJson.Wire.CompleteResult,
            """{"completion":{"values":["a",null]}}""",
            "$.completion.values[1]: null is no value here.");
        yield return Case(
            McpJson.Wire.ElicitRequestParams,
            """{"mode":"phone","message":"a"}""",
            "$: Unknown mode of elicitation: 'phone'*");
        yield return Case(McpJson.Wire.ElicitRequestParams, """{"mode":null,"message":"a"}""", "*'mode'*");
        yield return Case(McpJson.Wire.ElicitRequestParams, """{"mode":"url","message":"a"}""", "*'url'*");
        yield return Case(
            McpJson.Wire.ElicitRequestParams,
            """{"message":"a","requestedSchema":{"properties":{}}}""",
            "$.requestedSchema: *'type'*");
        yield return Case(
            McpJson.Wire.ElicitRequestParams,
            """{"message":"a","requestedSchema":{"type":"array","properties":{}}}""",
            "$.requestedSchema: *'object'*");
        yield return Case(McpJson.Wire.ElicitRequestParams, """{"message":"a","requestedSchema":null}""", "$.requestedSchema: *");
        yield return Case(
            McpJson.Wire.ElicitRequestParams,
            Form("null"),
            "$.requestedSchema.properties.a: The schema of a field is an object.");
        yield return Case(
            McpJson.Wire.ElicitRequestParams,
            Form("""{"type":"object"}"""),
            "$.requestedSchema.properties.a: Unknown type of field: 'object'.*");
        yield return Case(McpJson.Wire.ElicitRequestParams, Form("""{"type":["string","null"]}"""), "*'type' that is a string.");
        yield return Case(
            McpJson.Wire.ElicitRequestParams,
            Form("""{"type":"string","minLength":"1"}"""),
            "$.requestedSchema.properties.a.minLength: *");
        yield return Case(
            McpJson.Wire.ElicitRequestParams,
            Form("""{"type":"string","format":"phone"}"""),
            "*.format: Not one of email, uri, date, date-time.");
        yield return Case(McpJson.Wire.ElicitRequestParams, Form("""{"type":"string","enum":[1]}"""), "*.enum[0]: *");
        yield return Case(McpJson.Wire.ElicitRequestParams, Form("""{"type":"string","enum":null}"""), "*.enum: *");
        yield return Case(McpJson.Wire.ElicitRequestParams, Form("""{"type":"string","oneOf":[{"const":"x"}]}"""), "*.oneOf[0]: *'title'*");
        yield return Case(McpJson.Wire.ElicitRequestParams, Form("""{"type":"array"}"""), "*'items'*");
        yield return Case(McpJson.Wire.ElicitRequestParams, Form("""{"type":"array","items":{"type":"string"}}"""), "*'enum' or 'anyOf'.");
        yield return Case(McpJson.Wire.ElicitRequestParams, Form("""{"type":"array","items":{"anyOf":[null]}}"""), "*.items.anyOf[0]: *");
        yield return Case(McpJson.Wire.ElicitRequestParams, Form("""{"type":"number","minimum":1e400}"""), "*.minimum: *too large.");
        yield return Case(McpJson.Wire.ElicitRequestParams, Form("""{"type":"number","maximum":"1"}"""), "*.maximum: Not a number.");
        yield return Case(McpJson.Wire.ProgressNotificationParams, """{"progressToken":1,"progress":-1e400}""", "$.progress: *too large.");
        yield return Case(McpJson.Wire.ElicitResult, """{"action":"maybe"}""", "$.action: Not one of accept, decline, cancel.");
        yield return Case(McpJson.Wire.CreateMessageRequestParams, """{"messages":[]}""", "*'maxTokens'*");
        yield return Case(
            McpJson.Wire.CreateMessageRequestParams,
            Message("""{"type":"resource_link","uri":"a:b","name":"a"}"""),
            "$.messages[0].content: Unknown type of content: 'resource_link'.*");
        yield return Case(McpJson.Wire.CreateMessageRequestParams, Message("[null]"), "$.messages[0].content[0]: Content is an object.");
        yield return Case(
            McpJson.Wire.CreateMessageRequestParams,
            Message("""[{"type":"tool_use","id":"a","name":"b"}]"""),
            "$.messages[0].content[0]: *'input'*");
        yield return Case(
            McpJson.Wire.CreateMessageRequestParams,
            Message("""[{"type":"tool_result","toolUseId":"a","content":[{"type":"tool_use"}]}]"""),
            "$.messages[0].content[0].content[0]: Unknown type of content: 'tool_use'.*");
        yield return Case(McpJson.Wire.CreateMessageRequestParams, Message("\"text\""), "$.messages[0].content: Content is an object.");
        yield return Case(McpJson.Wire.ListRootsResult, """{"roots":[{"uri":"file:///a"},null]}""", "$.roots[1]: *");
        yield return Case(McpJson.Wire.InputRequiredResult, """{"inputRequests":{"a":null}}""", "$.inputRequests.a: *");
        yield return Case(
            McpJson.Wire.InputRequiredResult,
            """{"inputRequests":{"a":{"params":{}}}}""",
            "$.inputRequests.a: *'method'*");
        yield return Case(
            McpJson.Wire.SubscriptionsListenRequestParams,
            """{"notifications":{"resourceSubscriptions":[null]}}""",
            "$.notifications.resourceSubscriptions[0]: *");
        yield return Case(
            McpJson.Wire.SubscriptionsListenRequestParams,
            """{"notifications":{"toolsListChanged":"yes"}}""",
            "$.notifications.toolsListChanged: *");
        yield return Case(
            McpJson.Wire.UrlElicitationRequiredErrorData,
            """{"elicitations":[{"message":"a"}]}""",
            "$.elicitations[0]: *'url'*");
        yield return Case(McpJson.Wire.GetTaskRequestParams, "{}", "*'taskId'*");
        yield return Case(McpJson.Wire.GetTaskRequestParams, """{"taskId":7}""", "$.taskId: *");
        yield return Case(McpJson.Wire.UpdateTaskRequestParams, """{"taskId":"a"}""", "*'inputResponses'*");
        yield return Case(McpJson.Wire.UpdateTaskRequestParams, """{"taskId":"a","inputResponses":[]}""", "$.inputResponses: *");
        yield return Case(McpJson.Wire.GetTaskResult, Status("\"done\""), "$.status: Not one of working, input_required, completed, *");
        yield return Case(McpJson.Wire.GetTaskResult, Status("null"), "$.status: *");
        yield return Case(McpJson.Wire.GetTaskResult, Status("\"failed\",\"error\":{\"code\":\"1\",\"message\":\"\"}"), "$.error.code: *");
        yield return Case(McpJson.Wire.GetTaskResult, Status("\"working\",\"ttlMs\":\"1\""), "$.ttlMs: *");
        yield return Case(McpJson.Wire.GetTaskResult, Status("\"input_required\",\"inputRequests\":{\"b\":null}"), "$.inputRequests.b: *");
        yield return Case(
            McpJson.Wire.GetTaskResult,
            """{"taskId":"a","status":"working","createdAt":"yesterday","lastUpdatedAt":"2026-03-01T08:00:00Z"}""",
            "$.createdAt: Not a point in time*");
        yield return Case(
            McpJson.Wire.LegacyTaskResult,
            """{"taskId":"a","status":"working","createdAt":1772352000,"lastUpdatedAt":"2026-03-01T08:00:00Z"}""",
            "$.createdAt: Not a point in time*");
        yield return Case(McpJson.Wire.ListTasksResult, """{"tasks":[null]}""", "$.tasks[0]: null is no value here.");
        yield return Case(McpJson.Wire.TaskMetadata, """{"ttl":"1"}""", "$.ttl: *");
    }

    [TestCaseSource(nameof(Refused))]
    public void What_is_wrong_with_a_message_is_told_with_the_place(Action reading, string told)
    {
        reading.Should().Throw<JsonException>().WithMessage(told);
    }

    [TestCaseSource(nameof(ListsAndMaps))]
    public void No_list_and_no_map_of_values_holds_null(Type type)
    {
        string json = type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? "[null]" : """{"a":null}""";

        Action reading = () => JsonSerializer.Deserialize(json, McpJson.Wire.GetTypeInfo(type)!);

        reading.Should().Throw<JsonException>();
    }

    [Test]
    public void An_example_that_is_broken_anywhere_is_refused_or_read_and_written_again()
    {
        int broken = 0, refused = 0;
        foreach ((JsonTypeInfo type, JsonNode example) in SchemaExampleTests.All().Concat(TaskRecordTests.All()))
        {
            foreach (string json in Broken.Copies(example))
            {
                broken++;
                try
                {
                    JsonSerializer.Serialize(JsonSerializer.Deserialize(json, type), type);
                }
                catch (JsonException)
                {
                    refused++;
                }
            }
        }

        broken.Should().BeGreaterThan(2000);
        refused.Should().BeGreaterThan(broken / 2);
    }

    // Json elements may be null: it is a value like any other.
    private static IEnumerable<Type> ListsAndMaps() => typeof(McpJson).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith(typeof(McpJson).Namespace!, StringComparison.Ordinal) == true)
        .SelectMany(type => type.GetProperties())
        .Select(member => member.PropertyType)
        .Where(type => type.IsGenericType && type.Name.StartsWith("IReadOnly", StringComparison.Ordinal))
        .Where(type => type.GetGenericArguments()[^1] != typeof(JsonElement))
        .Distinct()
        .OrderBy(type => type.ToString(), StringComparer.Ordinal);

    private static TestCaseData Case<T>(JsonTypeInfo<T> type, string json, string told) where T : class
    {
        Action reading = () => new JsonBody(Encoding.UTF8.GetBytes(json)).Read(type);
        return new TestCaseData(reading, told).SetArgDisplayNames(typeof(T).Name, json);
    }

    private static string Status(string status) =>
        """{"taskId":"a","createdAt":"2026-03-01T08:00:00Z","lastUpdatedAt":"2026-03-01T08:00:00Z","status":""" + status + "}";

    private static string Complete(string reference) =>
        """{"argument":{"name":"a","value":""},"ref":""" + reference + "}";

    private static string Form(string field) =>
        """{"message":"a","requestedSchema":{"type":"object","properties":{"a":""" + field + "}}}";

    private static string Message(string content) =>
        """{"maxTokens":1,"messages":[{"role":"user","content":""" + content + "}]}";

    [TestCase("{}", "$: missing 'taskId'.")]
    [TestCase("""{"taskId":7}""", "$.taskId: Cannot get the value of a token type 'Number' as a string.")]
    [TestCase("""{"taskId":["x"]}""", "$.taskId: *")]
    [TestCase("[]", "$: A value of this kind does not fit here.")]
    public void What_is_wrong_is_told_in_words_of_the_message_and_not_of_our_types(string json, string words) =>
        new JsonBody(Encoding.UTF8.GetBytes(json)).Invoking(body => body.Read(McpJson.Wire.GetTaskRequestParams))
            .Should().Throw<JsonException>().WithMessage(words).Which.Message.Should().NotContain(nameof(OnlyMcp));
}
