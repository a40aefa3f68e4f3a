using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Legacy;
using OnlyMcp.Server.Plain;

namespace OnlyMcp.Tests.Plain;

public sealed class PlainReadingTests
{
    private const string Version = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"";
    private const string Can = "\"io.modelcontextprotocol/clientCapabilities\":";

    [TestCase("{}")]
    [TestCase("{" + Version + "," + Can + "{}}")]
    [TestCase("{" + Version + "," + Can + "{},\"progressToken\":7}")]
    [TestCase("{ " + Can + """{"roots":{"listChanged":true},"sampling":{},"elicitation":{"form":{},"url":{}}}} """)]
    [TestCase("{" + Can + """{"roots":{},"sampling":{"tools":{},"context":{}},"elicitation":{}}}""")]
    [TestCase("""{"io.modelcontextprotocol/clientInfo":{"name":"a","version":"","title":"ü","description":"d","websiteUrl":"https://a"}}""")]
    public void Metadata_that_is_plain_is_read_as_by_its_contract(string json)
    {
        PlainMetadata.Read(Bytes(json)).Should().NotBeNull().And.Be(new JsonBody(Bytes(json)).Read(McpJson.Wire.RequestMeta));
    }

    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{" + Version + "," + Version + "}")]
    [TestCase("""{"io.modelcontextprotocol/protocolVersion":null}""")]
    [TestCase("""{"io.modelcontextprotocol/protocolVersion":"2026\u002d07-28"}""")]
    [TestCase("""{"io.modelcontextprotocol/logLevel":"info"}""")]
    [TestCase("""{"traceparent":"00-1-2-3"}""")]
    [TestCase("""{"progressToken":1.5}""")]
    [TestCase("""{"progressToken":"text"}""")]
    [TestCase("""{"progressToken":1,"progressToken":2}""")]
    [TestCase("{" + Can + "null}")]
    [TestCase("{" + Can + "{}," + Can + "{}}")]
    [TestCase("{" + Can + """{"extensions":{}}}""")]
    [TestCase("{" + Can + """{"roots":{"listChanged":1}}}""")]
    [TestCase("{" + Can + """{"roots":{"listChanged":true,"more":1}}}""")]
    [TestCase("{" + Can + """{"roots":{},"roots":{}}}""")]
    [TestCase("{" + Can + """{"sampling":{"tools":{"more":1}}}}""")]
    [TestCase("{" + Can + """{"sampling":{"tools":{},"tools":{}}}}""")]
    [TestCase("{" + Can + """{"elicitation":[]}}""")]
    [TestCase("""{"io.modelcontextprotocol/clientInfo":{"name":"a"}}""")]
    [TestCase("""{"io.modelcontextprotocol/clientInfo":{"name":"a","version":null}}""")]
    [TestCase("""{"io.modelcontextprotocol/clientInfo":{"name":"a","version":"1","icons":[]}}""")]
    public void Metadata_that_is_not_is_left_to_the_contract(string json)
    {
        PlainMetadata.Read(Bytes(json)).Should().BeNull();
    }

    [TestCase("""{"name":"echo"}""")]
    [TestCase("""{"name":"echo","arguments":{}}""")]
    [TestCase("""{"_meta":null,"arguments":{"a":[1,{"b":"\u0041"}],"c":null},"name":"echo"}""")]
    [TestCase("""{"name":"echo","_meta":{"progressToken":1,"a":{"name":"b"}}}""")]
    [TestCase("""{"name":"echo","arguments":{"_meta":{}}, "_meta" : {"a":"}"} }""")]
    public void A_call_that_is_plain_is_read_as_by_its_contract(string json)
    {
        var plain = PlainCall.Read(Call(new JsonBody(Bytes(json))));
        var known = new JsonBody(Bytes(json)).Read(McpJson.Wire.CallToolRequestParams);

        plain.Should().NotBeNull();
        (plain! with { Arguments = null }).Should().Be(known with { Arguments = null, Meta = null }); // The era has read the metadata.
        plain.Arguments?.GetRawText().Should().Be(known.Arguments?.GetRawText());
        plain.Arguments.HasValue.Should().Be(known.Arguments.HasValue);
        PlainCall.Read(Parsed(json)).Should().BeEquivalentTo(
            plain, options => options.Excluding(call => call.Arguments), "the metadata that an envelope has found is passed over at once");
    }

    [TestCase("""{"_meta":{},"name":"echo","name":"b"}""")]
    [TestCase("""{"name":"echo","_meta":{"a":{}},"task":{}}""")]
    [TestCase("""{"name":"echo","_meta":{"a":{}} , "name":"b"}""")]
    public void What_stands_behind_the_metadata_is_read(string json)
    {
        PlainCall.Read(Parsed(json)).Should().BeNull();
    }

    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"name":null}""")]
    [TestCase("""{"name":"a","name":"b"}""")]
    [TestCase("""{"name":"a","arguments":[]}""")]
    [TestCase("""{"name":"a","arguments":null}""")]
    [TestCase("""{"name":"a","arguments":{},"arguments":{}}""")]
    [TestCase("""{"name":"a","arguments":{"a":1,"a":2}}""")]
    [TestCase("""{"name":"a","task":{}}""")]
    [TestCase("""{"name":"a","requestState":"x"}""")]
    public void A_call_that_is_not_is_left_to_the_contract(string json)
    {
        PlainCall.Read(Call(new JsonBody(Bytes(json)))).Should().BeNull();
    }

    [TestCase("""{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"a","version":"1"}}""")]
    [TestCase("""{"capabilities":{"sampling":{}},"_meta":null,"clientInfo":{"version":"1","name":"a"},"protocolVersion":""}""")]
    public void A_greeting_that_is_plain_is_read_as_by_its_contract(string json)
    {
        PlainGreeting.Read(new JsonBody(Bytes(json))).Should().NotBeNull()
            .And.Be(new JsonBody(Bytes(json)).Read(McpJson.Wire.InitializeRequestParams));
    }

    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"protocolVersion":"","capabilities":{}}""")]
    [TestCase("""{"protocolVersion":1,"capabilities":{},"clientInfo":{"name":"a","version":"1"}}""")]
    [TestCase("""{"protocolVersion":"","capabilities":{"tasks":{}},"clientInfo":{"name":"a","version":"1"}}""")]
    [TestCase("""{"protocolVersion":"","capabilities":{},"clientInfo":{"name":"a","version":"1"},"more":1}""")]
    public void A_greeting_that_is_not_is_left_to_the_contract(string json)
    {
        PlainGreeting.Read(new JsonBody(Bytes(json))).Should().BeNull();
    }

    [Test]
    public void Parameters_that_are_absent_or_no_bytes_are_left_to_the_contract()
    {
        var value = JsonBody.Of(new CallToolRequestParams { Name = "echo" }, McpJson.Wire.CallToolRequestParams);

        PlainCall.Read(Call(default)).Should().BeNull();
        PlainCall.Read(Call(value)).Should().BeNull();
        PlainGreeting.Read(default).Should().BeNull();
    }

    [Test]
    public void Text_that_is_no_UTF_8_is_left_to_the_contract()
    {
        byte[] utf8 = [.. "{\"name\":\""u8, 0xFF, .. "\"}"u8];

        PlainCall.Read(Call(new JsonBody(utf8))).Should().BeNull();
    }

    private static JsonRpcRequest Call(JsonBody parameters) => new(1, Methods.ToolsCall, parameters);

    private static JsonRpcRequest Parsed(string parameters) => (JsonRpcRequest)JsonRpcReader.Parse(
        Bytes($$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{parameters}}}"""));

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
