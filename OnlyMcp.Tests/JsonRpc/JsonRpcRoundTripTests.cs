using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.JsonRpc;

[Spec("2026-07-28 basic §Requests")]
public sealed class JsonRpcRoundTripTests
{
    private static readonly RequestId[] Ids = [0, -1, 1, long.MaxValue, long.MinValue, "", "1", "a\nb", "日本語 \"🙂\"", new string('x', 10_000)];

    [TestCaseSource(nameof(Ids))]
    public void An_id_comes_back_as_it_went(RequestId id)
    {
        Again(new JsonRpcRequest(id, "ping")).Should().BeOfType<JsonRpcRequest>().Which.Id.Should().Be(id);
        Again(new JsonRpcResultResponse(id, Json("{}"))).Should().BeOfType<JsonRpcResultResponse>().Which.Id.Should().Be(id);
        Again(new JsonRpcErrorResponse(id, new JsonRpcError(1, "x"))).Should().BeOfType<JsonRpcErrorResponse>().Which.Id.Should().Be(id);
    }

    [Test]
    public void A_number_and_the_same_digits_as_text_are_two_ids()
    {
        new RequestId(1).Should().NotBe(new RequestId("1"));
        new RequestId(0).Should().NotBe(new RequestId(""));
        new RequestId(1).ToString().Should().NotBe(new RequestId("1").ToString());
    }

    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"日本語","arguments":{"a":1.50,"b":[null,true]}}}""")]
    [TestCase("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"x","progress":0.1}}""")]
    [TestCase("""{"jsonrpc":"2.0","id":"","result":{"content":[]}}""")]
    [TestCase("""{"jsonrpc":"2.0","id":0,"error":{"code":-32602,"message":"no <b> & 'c'","data":{"x":[1]}}}""")]
    [TestCase("""{"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}}""")]
    public void A_message_is_written_as_it_was_read(string json) =>
        Encoding.UTF8.GetString(JsonRpcWriter.ToBytes(JsonRpcReader.Parse(Encoding.UTF8.GetBytes(json)))).Should().Be(json);

    [Test]
    [Spec("2026-07-28 basic/transports/stdio §Sending Messages")]
    [Spec("2026-07-28 basic/transports/stdio", 1, AtEveryRevision = true)]
    public void A_message_is_written_on_one_line_even_if_it_was_read_on_many()
    {
        var message = new JsonRpcRequest(1, "a\r\nb", Json("{\r\n  \"x\": \"line\\nbreak\"\n}"));
        var line = Encoding.UTF8.GetString(JsonRpcWriter.ToBytes(message));
        line.Should().NotContainAny("\n", "\r").And.Be("""{"jsonrpc":"2.0","id":1,"method":"a\r\nb","params":{    "x": "line\nbreak" }}""");
    }

    [Test]
    [Spec("2026-07-28 basic/transports/stdio §Sending Messages")]
    public void A_message_is_written_on_one_line_whatever_converters_write()
    {
        var raw = JsonBody.Of(new RawJson("{\r\n\"x\":\n1}"), RawJson.TypeInfo);
        raw.TryStamp(new MetaStamp(new Dictionary<string, JsonElement> { ["y"] = JsonElement.Parse("[\n2]") }), out var stamped).Should().BeTrue();
        foreach (var body in new[] { raw, raw.WithBytes(), stamped })
        {
            Line(new JsonRpcRequest(1, "a", body)).Should().StartWith("""{"jsonrpc":"2.0","id":1,"method":"a","params":{  "x": 1""");
            Line(new JsonRpcResultResponse(1, body)).Should().StartWith("""{"jsonrpc":"2.0","id":1,"result":{  "x": 1""");
            Line(new JsonRpcErrorResponse(1, new JsonRpcError(2, "b", body))).Should().EndWith("}}");
        }

        var pieces = Enumerable.Repeat(new RawJson("[\n1]"), 10_000).ToArray();
        Line(new JsonRpcErrorResponse(1, new JsonRpcError(2, "b", JsonBody.Of(pieces, RawJson.TypeInfoOfMany)))).Should().EndWith(",[ 1],[ 1]]}}");

        static string Line(JsonRpcMessage message)
        {
            var line = Encoding.UTF8.GetString(JsonRpcWriter.ToBytes(message));
            line.Should().NotContainAny("\n", "\r");
            Again(message).Should().BeOfType(message.GetType());
            return line;
        }
    }

    [Test]
    [Spec("2025-03-26 basic §Batching", 1)]
    public void A_batch_is_cut_into_its_messages_and_put_together_again()
    {
        var batch = """[ {"jsonrpc":"2.0","id":1,"method":"a"} , 7 , {"jsonrpc":"2.0","id":2,"result":{}} ]"""u8.ToArray();
        var parts = Batch.Split(batch).Select(part => Encoding.UTF8.GetString(part.Span)).ToArray();
        parts.Should().Equal("""{"jsonrpc":"2.0","id":1,"method":"a"}""", "7", """{"jsonrpc":"2.0","id":2,"result":{}}""");

        using var buffer = new PooledBuffer();
        Batch.Write(buffer, [new JsonRpcRequest(1, "a"), new JsonRpcResultResponse(2, Json("{}"))]);
        Encoding.UTF8.GetString(buffer.Written.Span).Should().Be("""[{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","id":2,"result":{}}]""");
    }

    [TestCase("[]", ErrorCode.InvalidRequest)]
    [TestCase("{}", ErrorCode.InvalidRequest)]
    [TestCase("[1,2,3,4]", ErrorCode.InvalidRequest)]
    [TestCase("[1,2", ErrorCode.ParseError)]
    [TestCase("[1] x", ErrorCode.ParseError)]
    [TestCase("[\"\\ud800\"]", ErrorCode.ParseError)]
    public void What_is_no_batch_is_refused(string json, int code) =>
        FluentActions.Invoking(() => Batch.Split(Encoding.UTF8.GetBytes(json), maxCount: 3))
            .Should().Throw<MalformedMessageException>().Which.Code.Should().Be(code);

    private static JsonRpcMessage Again(JsonRpcMessage message) => JsonRpcReader.Parse(JsonRpcWriter.ToBytes(message));

    private static JsonBody Json(string json) => new(Encoding.UTF8.GetBytes(json));
}
