using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Schema;

/// <summary>The records of prompts, resources, completion, elicitation, sampling and the like, where the examples do not reach.</summary>
public sealed class FeatureRecordTests
{
    [Test]
    public void A_prompt_of_any_revision_is_read_and_written_without_loss()
    {
        Same(
            McpJson.Wire.Prompt,
            """{"name":"a","title":"A","description":"b","arguments":[{"name":"c","title":"C","description":"d","required":true}]""" +
            ""","icons":[{"src":"data:,"}],"_meta":{"x":null}}""");
    }

    [Test]
    public void A_resource_of_any_revision_is_read_and_written_without_loss()
    {
        Same(
            McpJson.Wire.Resource,
            """{"uri":"a:b","name":"a","title":"A","description":"b","mimeType":"text/plain","annotations":{"audience":["user"]""" +
            ""","priority":1,"lastModified":"2025-01-12T15:00:58Z"},"size":5000000000,"icons":[{"src":"data:,"}],"_meta":{"x":1}}""");
        Same(
            McpJson.Wire.ResourceTemplate,
            """{"uriTemplate":"a:{b}","name":"a","title":"A","description":"b","mimeType":"text/plain","annotations":{"priority":0.5}""" +
            ""","icons":[{"src":"data:,"}],"_meta":{"x":1}}""");
    }

    [TestCase("""{"type":"string","title":"A","description":"b","minLength":1,"maxLength":2,"default":"c"}""", typeof(StringSchema))]
    [TestCase("""{"type":"string","format":"date-time"}""", typeof(StringSchema))]
    [TestCase("""{"type":"number","minimum":0.5,"maximum":1e300,"default":1}""", typeof(NumberSchema))]
    [TestCase("""{"type":"integer","minimum":-1,"default":9007199254740991}""", typeof(NumberSchema))]
    [TestCase("""{"type":"boolean","title":"A","default":false}""", typeof(BooleanSchema))]
    [TestCase("""{"type":"string","enum":["a","b"],"default":"a"}""", typeof(UntitledSingleSelectEnumSchema))]
    [TestCase("""{"type":"string","enum":["a","b"],"enumNames":["A","B"],"default":"a"}""", typeof(LegacyTitledEnumSchema))]
    [TestCase("""{"type":"string","oneOf":[{"const":"a","title":"A"}],"default":"a"}""", typeof(TitledSingleSelectEnumSchema))]
    [TestCase("""{"type":"array","items":{"type":"string","enum":["a"]},"default":[]}""", typeof(UntitledMultiSelectEnumSchema))]
    [TestCase("""{"type":"array","minItems":0,"maxItems":1,"items":{"type":"string","enum":[]}}""", typeof(UntitledMultiSelectEnumSchema))]
    [TestCase("""{"type":"array","items":{"anyOf":[{"const":"a","title":"A"}]},"default":["a"]}""", typeof(TitledMultiSelectEnumSchema))]
    public void A_field_of_a_form_is_told_by_its_members(string json, Type kind)
    {
        PrimitiveSchema field = Same(McpJson.Wire.PrimitiveSchema, json);

        field.Should().BeOfType(kind);
        field.Other.Should().BeNull();
    }

    [Test]
    public void What_a_field_says_beyond_the_protocol_is_kept()
    {
        PrimitiveSchema field = Same(McpJson.Wire.PrimitiveSchema, """{"type":"string","pattern":"^a","x":{"type":"b"}}""");

        field.Other!.Keys.Should().Equal("pattern", "x");
    }

    [Test]
    public void A_whole_number_is_told_from_any_number()
    {
        Read(McpJson.Wire.PrimitiveSchema, """{"type":"integer"}""").Should().Be(new NumberSchema { IsInteger = true });
        Read(McpJson.Wire.PrimitiveSchema, """{"type":"number"}""").Should().Be(new NumberSchema());
    }

    [Test]
    [Spec("2026-07-28 client/elicitation §Elicitation Requests")]
    public void A_question_without_a_mode_asks_for_a_form()
    {
        Same(McpJson.Wire.ElicitRequestParams, """{"message":"a","requestedSchema":{"type":"object","properties":{}}}""")
            .Should().BeOfType<ElicitRequestFormParams>();
    }

    [Test]
    public void A_form_is_read_and_written_without_loss()
    {
        Same(
            McpJson.Wire.ElicitRequestParams,
            """{"mode":"form","message":"a","requestedSchema":{"$schema":"https://json-schema.org/draft/2020-12/schema" """ +
            ""","type":"object","properties":{"b":{"type":"boolean"}},"required":["b"]},"task":{"ttl":1},"_meta":{"progressToken":1}}""");
    }

    [Test]
    public void A_web_page_of_2025_11_25_has_a_name_of_its_own()
    {
        const string question = """{"mode":"url","message":"a","url":"https://a/","elicitationId":"b"}""";

        Same(McpJson.Wire.ElicitRequestParams, question).Should().BeOfType<ElicitRequestUrlParams>().Which.ElicitationId.Should().Be("b");
        Same(McpJson.Wire.UrlElicitationRequiredErrorData, "{\"elicitations\":[" + question + "]}");
        Same(McpJson.Wire.ElicitationCompleteNotificationParams, """{"elicitationId":"b"}""");
    }

    [Test]
    public void An_answer_of_a_user_keeps_strings_numbers_booleans_and_lists()
    {
        Same(McpJson.Wire.ElicitResult, """{"action":"accept","content":{"a":"","b":1.5,"c":true,"d":["e"]}}""");
        Same(McpJson.Wire.ElicitResult, """{"action":"decline"}""");
        Same(McpJson.Wire.ElicitResult, """{"action":"cancel","_meta":{"a":1}}""");
    }

    [Test]
    [Spec("2026-07-28 client/sampling §Messages")]
    public void A_single_piece_of_a_conversation_travels_bare_and_several_as_a_list()
    {
        var one = new SamplingMessage { Role = Role.User, Content = [new TextContent { Text = "a" }] };

        Write(McpJson.Wire.SamplingMessage, one).Should().Be("""{"role":"user","content":{"type":"text","text":"a"}}""");
        Write(McpJson.Wire.SamplingMessage, one with { Content = [.. one.Content, .. one.Content] }).Should()
            .Be("""{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"a"}]}""");
        Write(McpJson.Wire.SamplingMessage, one with { Content = [] }).Should().Be("""{"role":"user","content":[]}""");
        Read(McpJson.Wire.SamplingMessage, """{"role":"user","content":[{"type":"text","text":"a"}]}""").Content
            .Should().Equal(one.Content);
    }

    [Test]
    public void A_request_for_sampling_is_read_and_written_without_loss()
    {
        Same(
            McpJson.Wire.CreateMessageRequestParams,
            """{"messages":[{"role":"assistant","content":{"type":"tool_use","id":"a","name":"b","input":{}},"_meta":{"x":1}}]""" +
            ""","modelPreferences":{"hints":[{"name":"a"},{}],"costPriority":0,"speedPriority":0.5,"intelligencePriority":1}""" +
            ""","systemPrompt":"a" """ +
            ""","includeContext":"thisServer","temperature":0.1,"maxTokens":5,"stopSequences":["a"],"metadata":{"a":[]}""" +
            ""","tools":[{"name":"a","inputSchema":{"type":"object"}}],"toolChoice":{"mode":"required"},"task":{}}""");
    }

    [Test]
    public void A_result_of_a_tool_within_a_conversation_is_read_and_written_without_loss()
    {
        Same(
            McpJson.Wire.ToolResultContent,
            """{"type":"tool_result","toolUseId":"a","content":[{"type":"resource_link","uri":"a:b","name":"c"}]""" +
            ""","structuredContent":null,"isError":true,"_meta":{"x":1}}""");
    }

    [Test]
    public void An_answer_of_a_model_says_nothing_that_it_was_not_told()
    {
        var result = new CreateMessageResult { Role = Role.Assistant, Content = [new TextContent { Text = "a" }], Model = "m" };

        Write(McpJson.Wire.CreateMessageResult, result).Should()
            .Be("""{"role":"assistant","content":{"type":"text","text":"a"},"model":"m"}""");
    }

    [Test]
    public void A_choice_of_changes_keeps_what_extensions_add()
    {
        Same(
            McpJson.Wire.SubscriptionsListenRequestParams,
            """{"notifications":{"toolsListChanged":true,"promptsListChanged":false,"resourcesListChanged":true""" +
            ""","resourceSubscriptions":["a:b"],"taskIds":["c"]}}""");
    }

    [Test]
    public void What_2026_07_28_removed_is_read_and_written_without_loss()
    {
        Same(McpJson.Wire.SubscribeRequestParams, """{"uri":"a:b","_meta":{"progressToken":"c"}}""");
        Same(McpJson.Wire.UnsubscribeRequestParams, """{"uri":"a:b"}""");
    }

    private static T Same<T>(JsonTypeInfo<T> type, string json)
    {
        T value = Read(type, json);
        string written = Write(type, value);
        JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(json)).Should().BeTrue($"{json} became {written}");
        return value;
    }

    private static T Read<T>(JsonTypeInfo<T> type, string json) => JsonSerializer.Deserialize(json, type)!;

    private static string Write<T>(JsonTypeInfo<T> type, T value) => JsonSerializer.Serialize(value, type);
}
