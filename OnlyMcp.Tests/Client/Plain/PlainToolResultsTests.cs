using System.Text;
using System.Text.Json;
using OnlyMcp.Client.Plain;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Tests.Client.Plain;

/// <summary>What a client reads and writes by hand, beside what the contracts of the types make of it.</summary>
public sealed class PlainToolResultsTests
{
    private const string Stamp = """ "resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}} """;

    [TestCase("""{"content":[{"type":"text","text":"a"}]}""")]
    [TestCase("""{"content":[{"text":"\u0041\n\"b\" \ud83d\ude00","type":"text"}],"isError":true}""")]
    [TestCase("""{"isError":false,"content":[{"type":"text","text":""}],"resultType":"complete"}""")]
    [TestCase($$"""{"content":[{"type":"text","text":"a"}],{{Stamp}}}""")]
    public void What_is_plain_is_read_as_the_contract_reads_it(string json)
    {
        var plain = new PlainToolResults();
        plain.Note(Body($$"""{"content":[],{{Stamp}}}"""), Body($$"""{"content":[],{{Stamp}}}""").Read(McpJson.Wire.CallToolResult));

        var read = plain.Read(Body(json));

        read.Should().NotBeNull();
        Written(read!).Should().Be(Written(Body(json).Read(McpJson.Wire.CallToolResult)));
    }

    [TestCase("""{"content":[]}""")]
    [TestCase("""{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}""")]
    [TestCase("""{"content":[{"type":"text","text":"a","annotations":{}}]}""")]
    [TestCase("""{"content":[{"type":"text","text":"a","text":"b"}]}""")]
    [TestCase("""{"content":[{"type":"text"}]}""")]
    [TestCase("""{"content":[{"type":"image","data":"","mimeType":"image/png"}]}""")]
    [TestCase("""{"content":[{"type":"text","text":"a"}],"content":[{"type":"text","text":"b"}]}""")]
    [TestCase("""{"content":[{"type":"text","text":"a"}],"structuredContent":{"a":1}}""")]
    [TestCase("""{"content":[{"type":"text","text":"a"}],"isError":null}""")]
    [TestCase("""{"content":[{"type":"text","text":"a"}],"_meta":{"other":1}}""")]
    [TestCase("""{"content":[{"type":"text","text":"a"}],"resultType":"task"}""")]
    [TestCase("""{"content":[{"type":"text","text":"a"}],"more":1}""")]
    [TestCase("""{"content":{}}""")]
    [TestCase("{}")]
    public void What_is_not_is_left_to_the_contract(string json)
    {
        var plain = new PlainToolResults();
        plain.Note(Body($$"""{"content":[],{{Stamp}}}"""), Body($$"""{"content":[],{{Stamp}}}""").Read(McpJson.Wire.CallToolResult));

        plain.Read(Body(json)).Should().BeNull();
    }

    [TestCase("""{"city":"Oslo","at":"<Grünerløkka>"}""")]
    [TestCase("{}")]
    [TestCase(null)]
    public void A_call_is_written_as_the_contract_writes_it(string? arguments)
    {
        var element = arguments is null ? (JsonElement?)null : JsonElement.Parse(arguments);
        var body = element is { } given ? JsonBody.Written(given, McpJson.Wire.JsonElement) : default;
        var task = new TaskMetadata { Ttl = 5 };

        var written = (new PlainCall("weather", body) { Task = task }).ToBody().ToString();

        var known = new CallToolRequestParams
        {
            Name = "weather",
            Arguments = element,
            Task = JsonSerializer.SerializeToElement(task, McpJson.Wire.TaskMetadata),
        };
        written.Should().Be(JsonSerializer.Serialize(known, McpJson.Wire.CallToolRequestParams));
    }

    [Test]
    public void Members_stand_in_the_metadata_as_if_they_had_been_merged()
    {
        var members = new Dictionary<string, JsonElement> { ["a"] = JsonElement.Parse("""{"b":[1,"ü"]}""") };
        foreach (var parameters in new[] { new PlainCall("t", new JsonBody("{}"u8.ToArray())).ToBody(), JsonBody.Of(new ListToolsRequestParams(), McpJson.Wire.ListToolsRequestParams) })
        {
            var stamped = new MetaStamp(members).PutOn(parameters);

            stamped.ToString().Should().Be(ParamsMeta.Merge(parameters, members).ToString());
            stamped.ToElement().GetProperty("_meta").GetRawText().Should().Be("""{"a":{"b":[1,"ü"]}}""");
            JsonRpcWriter.ToBytes(new JsonRpcRequest(1, "m", stamped)).Should().Equal(
                JsonRpcWriter.ToBytes(new JsonRpcRequest(1, "m", ParamsMeta.Merge(parameters, members))));
        }
    }

    private static JsonBody Body(string json) => new(Encoding.UTF8.GetBytes(json));

    private static string Written(CallToolResult result) => JsonSerializer.Serialize(result, McpJson.Wire.CallToolResult);
}
