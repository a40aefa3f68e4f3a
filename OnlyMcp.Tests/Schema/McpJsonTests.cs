using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Schema.Legacy;

namespace OnlyMcp.Tests.Schema;

public sealed class McpJsonTests
{
    [Test]
    public void The_type_of_content_may_stand_anywhere()
    {
        var content = Read("""{"text":"hello","annotations":{"type":"image"},"type":"text"}""", McpJson.Wire.ContentBlock);

        content.Should().BeOfType<TextContent>().Which.Text.Should().Be("hello");
    }

    [Test]
    public void Content_of_an_unknown_type_is_refused_by_name()
    {
        Reading("""{"content":[{"type":"video","data":""}]}""", McpJson.Wire.CallToolResult)
            .Should().Throw<JsonException>().WithMessage("*Unknown type of content: 'video'*");
    }

    [TestCase("""{"text":"hello"}""")]
    [TestCase("""{"type":1,"text":"hello"}""")]
    [TestCase("""{"type":null,"text":"hello"}""")]
    public void Content_without_a_type_is_refused(string json)
    {
        Reading(json, McpJson.Wire.ContentBlock).Should().Throw<JsonException>().WithMessage("*'type'*");
    }

    [TestCase("""{"type":"text"}""")]
    [TestCase("""{"type":"text","text":null}""")]
    [TestCase("""{"type":"image","mimeType":"image/png"}""")]
    [TestCase("""{"type":"image","mimeType":"image/png","data":null}""")]
    [TestCase("""{"type":"resource","resource":{"uri":"file:///a"}}""")]
    [TestCase("""{"type":"resource","resource":null}""")]
    [TestCase("""{"type":"resource","resource":{"uri":"file:///a","blob":null}}""")]
    [TestCase("""{"type":"resource","resource":"file:///a"}""")]
    [TestCase("\"hello\"")]
    public void Content_that_lacks_what_its_type_needs_is_refused(string json)
    {
        Reading(json, McpJson.Wire.ContentBlock).Should().Throw<JsonException>();
    }

    [Test]
    public void A_list_with_null_among_its_content_is_refused()
    {
        Reading("""{"content":[null]}""", McpJson.Wire.CallToolResult).Should().Throw<JsonException>();
    }

    [Test]
    public void The_type_of_content_is_written_first_and_its_metadata_last()
    {
        ContentBlock content = new ImageContent
        {
            Meta = Meta("a", "1"),
            Annotations = new() { Priority = 0.5 },
            Data = new byte[] { 1, 2, 255 },
            MimeType = "image/png",
        };

        Write(content, McpJson.Wire.ContentBlock).Should()
            .Be("""{"type":"image","data":"AQL/","mimeType":"image/png","annotations":{"priority":0.5},"_meta":{"a":1}}""");
    }

    [Test]
    public void Invalid_base64_is_refused()
    {
        Reading("""{"type":"audio","mimeType":"audio/wav","data":"%%%"}""", McpJson.Wire.ContentBlock).Should().Throw<JsonException>();
        Reading("""{"uri":"file:///a","blob":"a"}""", McpJson.Wire.ResourceContents).Should().Throw<JsonException>();
    }

    [Test]
    public void A_resource_is_text_or_bytes_by_the_member_that_is_there()
    {
        Read("""{"text":"","uri":"file:///a"}""", McpJson.Wire.ResourceContents).Should().BeOfType<TextResourceContents>();
        Read("""{"uri":"file:///a","_meta":{"text":1},"blob":""}""", McpJson.Wire.ResourceContents)
            .Should().BeOfType<BlobResourceContents>();
    }

    [TestCase("""{"name":"a","name":"b"}""")]
    [TestCase("""{"name":"a","_meta":{"x":1,"x":2}}""")]
    [TestCase("""{"name":"a","inputResponses":{"x":1,"x":2}}""")]
    public void A_key_that_comes_twice_is_refused(string json)
    {
        Reading(json, McpJson.Wire.CallToolRequestParams).Should().Throw<JsonException>();
    }

    [Test]
    public void A_key_in_another_case_is_another_key()
    {
        Reading("""{"Name":"a"}""", McpJson.Wire.CallToolRequestParams).Should().Throw<JsonException>().WithMessage("*name*");
        Read("""{"name":"a","Arguments":{}}""", McpJson.Wire.CallToolRequestParams).Arguments.Should().BeNull();
    }

    [TestCase("""{"name":null}""")]
    [TestCase("""{}""")]
    [TestCase("""{"name":1}""")]
    public void A_tool_call_without_a_name_is_refused(string json)
    {
        Reading(json, McpJson.Wire.CallToolRequestParams).Should().Throw<JsonException>();
    }

    [TestCase("\"info\"", LoggingLevel.Info)]
    [TestCase("\"emergency\"", LoggingLevel.Emergency)]
    public void A_level_travels_under_its_name(string json, LoggingLevel level)
    {
        Read($$"""{"level":{{json}}}""", McpJson.Wire.SetLevelRequestParams).Level.Should().Be(level);
        Write(new SetLevelRequestParams { Level = level }, McpJson.Wire.SetLevelRequestParams).Should().Be($$"""{"level":{{json}}}""");
    }

    [TestCase("1")]
    [TestCase("\"1\"")]
    [TestCase("\"loud\"")]
    [TestCase("\"INFO\"")]
    [TestCase("\" info\"")]
    [TestCase("\"debug,info\"")]
    [TestCase("\"\"")]
    [TestCase("null")]
    public void A_level_that_is_no_name_of_one_is_refused(string json)
    {
        Reading($$"""{"level":{{json}}}""", McpJson.Wire.SetLevelRequestParams).Should().Throw<JsonException>();
    }

    [Test]
    public void What_every_result_carries_is_written_after_what_it_says()
    {
        var result = new ListToolsResult
        {
            Meta = Meta("a", "1"),
            CacheScope = CacheScope.Private,
            TtlMs = 0,
            ResultType = ResultTypes.Complete,
            NextCursor = "2",
            Tools = [],
        };

        Write(result, McpJson.Wire.ListToolsResult).Should()
            .Be("""{"tools":[],"nextCursor":"2","resultType":"complete","ttlMs":0,"cacheScope":"private","_meta":{"a":1}}""");
    }

    [Test]
    public void What_is_null_is_left_out()
    {
        Write(new EmptyResult(), McpJson.Wire.EmptyResult).Should().Be("{}");
        Write(new CallToolResult { Content = [] }, McpJson.Wire.CallToolResult).Should().Be("""{"content":[]}""");
    }

    [Test]
    public void A_result_is_stamped_on_a_copy()
    {
        Result result = new CallToolResult { Content = [] };

        Result stamped = result with { ResultType = ResultTypes.Complete };

        stamped.Should().BeOfType<CallToolResult>();
        result.ResultType.Should().BeNull();
    }

    [Test]
    public void Structured_content_may_be_null_which_is_more_than_absent()
    {
        CallToolResult result = Read("""{"content":[],"structuredContent":null}""", McpJson.Wire.CallToolResult);

        result.StructuredContent!.Value.ValueKind.Should().Be(JsonValueKind.Null);
        Write(result, McpJson.Wire.CallToolResult).Should().Be("""{"content":[],"structuredContent":null}""");
        Read("""{"content":[]}""", McpJson.Wire.CallToolResult).StructuredContent.Should().BeNull();
    }

    [Test]
    public void Request_metadata_keeps_keys_that_it_does_not_know()
    {
        const string json =
            """{"progressToken":"p","io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/logLevel":"debug","traceparent":"00-1"}""";

        RequestMeta meta = Read(json, McpJson.Wire.RequestMeta);

        meta.ProtocolVersion.Should().Be("2026-07-28");
        meta.LogLevel.Should().Be(LoggingLevel.Debug);
        meta.Other![MetaKeys.TraceParent].GetString().Should().Be("00-1");
        Write(meta, McpJson.Wire.RequestMeta).Should().Be(json);
    }

    [Test]
    public void A_capability_is_declared_by_an_empty_object()
    {
        var capabilities = new ServerCapabilities { Logging = new(), Tools = new(), Resources = new() { Subscribe = true } };

        Write(capabilities, McpJson.Wire.ServerCapabilities).Should().Be("""{"logging":{},"resources":{"subscribe":true},"tools":{}}""");
    }

    [TestCase("""{"experimental":{"a":{}},"roots":{"listChanged":true},"sampling":{"context":{},"tools":{}},"elicitation":{"form":{},"url":{}}}""")]
    [TestCase("""{"tasks":{"list":{},"cancel":{},"requests":{"sampling":{"createMessage":{}},"elicitation":{"create":{}}}},"extensions":{"a/b":{"c":1}}}""")]
    public void Capabilities_of_a_client_are_read_and_written_without_loss(string json)
    {
        Write(Read(json, McpJson.Wire.ClientCapabilities), McpJson.Wire.ClientCapabilities).Should().Be(json);
    }

    [Test]
    public void Capabilities_of_a_server_are_read_and_written_without_loss()
    {
        const string json =
            """{"experimental":{"a":{}},"logging":{"x":1},"completions":{},"prompts":{"listChanged":true},"tasks":{"list":{}""" +
            ""","cancel":{},"requests":{"tools":{"call":{}}}}}""";

        Write(Read(json, McpJson.Wire.ServerCapabilities), McpJson.Wire.ServerCapabilities).Should().Be(json);
    }

    [Test]
    public void The_greeting_of_older_revisions_is_read_and_written_without_loss()
    {
        const string request =
            """{"protocolVersion":"2025-11-25","capabilities":{}""" +
            ""","clientInfo":{"name":"a","title":"A","version":"1","icons":[{"src":"https://a/b.png","sizes":["48x48"]""" +
            ""","theme":"dark"}]}}""";
        const string result =
            """{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}}""" +
            ""","serverInfo":{"name":"a","version":"1"},"instructions":"Ask."}""";

        Write(Read(request, McpJson.Wire.InitializeRequestParams), McpJson.Wire.InitializeRequestParams).Should().Be(request);
        Write(Read(result, McpJson.Wire.InitializeResult), McpJson.Wire.InitializeResult).Should().Be(result);
    }

    [Test]
    public void A_tool_of_any_revision_is_read_and_written_without_loss()
    {
        const string json =
            """{"name":"a","title":"A","description":"b","inputSchema":{"type":"object"},"outputSchema":{"type":"array"}""" +
            ""","annotations":{"readOnlyHint":true,"openWorldHint":false},"execution":{"taskSupport":"optional"}""" +
            ""","icons":[{"src":"data:,"}],"_meta":{"x":null}}""";

        Write(Read(json, McpJson.Wire.Tool), McpJson.Wire.Tool).Should().Be(json);
    }

    [Test]
    public void Text_is_written_as_it_is()
    {
        Write(new TextContent { Text = "<é> & 'q' 日本" }, McpJson.Wire.ContentBlock).Should()
            .Be("""{"type":"text","text":"<é> & 'q' 日本"}""");
    }

    [Test]
    public void A_progress_report_keeps_its_token_and_its_numbers()
    {
        const string json = """{"progressToken":7,"progress":0.5,"total":1,"message":"Half."}""";

        Write(Read(json, McpJson.Wire.ProgressNotificationParams), McpJson.Wire.ProgressNotificationParams).Should().Be(json);
        Reading("""{"progressToken":7,"progress":"0.5"}""", McpJson.Wire.ProgressNotificationParams).Should().Throw<JsonException>();
        Read("""{"requestId":"r"}""", McpJson.Wire.CancelledNotificationParams).RequestId.Should().Be(new RequestId("r"));
    }

    [Test]
    public void Members_that_no_revision_defines_are_passed_over()
    {
        Read("""{"type":"text","text":"a","$new":{"type":"b"},"other":[]}""", McpJson.Wire.ContentBlock).Should().BeOfType<TextContent>();
    }

    private static T Read<T>(string json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type)!;

    private static Action Reading<T>(string json, JsonTypeInfo<T> type) => () => JsonSerializer.Deserialize(json, type);

    private static string Write<T>(T value, JsonTypeInfo<T> type) =>
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static Dictionary<string, JsonElement> Meta(string key, string json) => new() { [key] = JsonDocument.Parse(json).RootElement };
}
