using System.Text;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.JsonRpc;

[Spec("2026-07-28 basic §Messages")]
public sealed class JsonRpcReaderTests
{
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", typeof(JsonRpcRequest))]
    [TestCase("""{"jsonrpc":"2.0","id":"a","method":"ping","params":{}}""", typeof(JsonRpcRequest))]
    [TestCase("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", typeof(JsonRpcNotification))]
    [TestCase("""{"jsonrpc":"2.0","id":1,"result":{}}""", typeof(JsonRpcResultResponse))]
    [TestCase("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"no"}}""", typeof(JsonRpcErrorResponse))]
    [TestCase("""{"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}}""", typeof(JsonRpcErrorResponse))]
    [TestCase("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}""", typeof(JsonRpcErrorResponse))]
    [TestCase("""  {"params":{},"method":"ping","id":1,"jsonrpc":"2.0","more":[1,{"id":2}]}  """, typeof(JsonRpcRequest))]
    public void A_message_is_told_by_its_members(string json, Type kind) => Parse(json).Should().BeOfType(kind);

    [TestCase("""{"id":1,"method":"ping"}""", "The member 'jsonrpc' is missing; it must be \"2.0\".", 1L)]
    [TestCase("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", "The member 'jsonrpc' must be \"2.0\".", 1L)]
    [TestCase("""{"jsonrpc":2.0,"id":1,"method":"ping"}""", "The member 'jsonrpc' must be \"2.0\".", 1L)]
    [TestCase("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", "The 'id' of a request must not be null; a notification has no 'id' at all.", null)]
    [TestCase("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", "The 'id' must be a string or a whole number of at most 64 bits.", null)]
    [TestCase("""{"jsonrpc":"2.0","id":1.0,"method":"ping"}""", "The 'id' must be a string or a whole number of at most 64 bits.", null)]
    [TestCase("""{"jsonrpc":"2.0","id":1e3,"method":"ping"}""", "The 'id' must be a string or a whole number of at most 64 bits.", null)]
    [TestCase("""{"jsonrpc":"2.0","id":18446744073709551616,"method":"ping"}""", "The 'id' must be a string or a whole number of at most 64 bits.", null)]
    [TestCase("""{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}""", "The 'id' must be a string or a whole number of at most 64 bits.", null)]
    [TestCase("""{"jsonrpc":"2.0","id":true,"method":"ping"}""", "The 'id' must be a string or a whole number of at most 64 bits.", null)]
    [TestCase("""{"jsonrpc":"2.0","id":1}""", "A message has a 'method' (a request or notification), a 'result' or an 'error' (a response); this one has none of them.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":7}""", "The 'method' must be a string.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":null}""", "The 'method' must be a string.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}""", "The 'params' must be an object.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","method":"ping","params":"x","id":1}""", "The 'params' must be an object.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping","params":null}""", "The 'params' must be an object.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}""", "The member 'method' stands twice.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"m\u0065thod":"a","method":"b"}""", "The member 'method' stands twice.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"Method":"a"}""", "The member 'Method' must be written 'method'.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"a","METHOD":"b"}""", "The member 'METHOD' must be written 'method'.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","ID":1,"method":"a"}""", "The member 'ID' must be written 'id'.", null)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{},"_meta":{}}}""", "The member 'params._meta' stands twice.", 1L)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"a","result":{}}""", "A message has exactly one of 'method', 'result' and 'error'; this one has more.", 1L)]
    [TestCase("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", "A message is a JSON object.", null)]
    [TestCase("7", "A message is a JSON object.", null)]
    [TestCase("null", "A message is a JSON object.", null)]
    [Spec("2026-07-28 basic §Messages", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic §Requests", 1, 2, AtEveryRevision = true)]
    [Spec("2025-06-18 basic §Responses", 2, AtEveryRevision = true)]
    public void What_is_JSON_but_no_message_is_refused_with_its_id_and_a_reason(string json, string reason, long? id)
    {
        var fault = Fault(json);
        fault.Code.Should().Be(ErrorCode.InvalidRequest);
        fault.Message.Should().Be(reason);
        fault.Id.Should().Be(id is { } number ? new RequestId(number) : (RequestId?)null);
        fault.IsResponse.Should().BeFalse();
    }

    [TestCase("""{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}""", "A message has exactly one of 'method', 'result' and 'error'; this one has more.")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"result":[]}""", "The 'result' must be an object.")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"error":"no"}""", "The 'error' must be an object.")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"error":{"message":"no"}}""", "The 'error.code' must be an integer.")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"no"}}""", "The 'error.code' must be an integer.")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"error":{"code":1}}""", "The 'error.message' must be a string.")]
    [Spec("2026-07-28 basic §Error Responses", 2, 3, AtEveryRevision = true)]
    [Spec("2025-06-18 basic §Responses", 3, 4, AtEveryRevision = true)]
    public void A_malformed_response_says_that_it_is_one(string json, string reason)
    {
        var fault = Fault(json);
        fault.Message.Should().Be(reason);
        fault.Id.Should().Be(new RequestId(1));
        fault.IsResponse.Should().BeTrue();
    }

    [TestCase("")]
    [TestCase("hello")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping" """)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"pi""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping"}{}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping"} x""")]
    [TestCase("""{'jsonrpc':'2.0'}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping",}""")]
    [TestCase("""{"jsonrpc":"2.0","id":"\ud800","method":"ping"}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"\udc00"}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":["\ud800"]}}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"\ud800":1}}""")]
    [TestCase("""{"jsonrpc":"\ud800","id":1,"method":"ping"}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping","\ud800":1}""")]
    public void What_is_no_JSON_is_a_parse_error(string json) => Fault(json).Code.Should().Be(ErrorCode.ParseError);

    [Test]
    [Spec("2026-07-28 basic/transports §Messages", 1, AtEveryRevision = true)]
    public void Bytes_that_are_no_UTF8_are_a_parse_error()
    {
        byte[] bytes = [.. """{"jsonrpc":"2.0","id":1,"method":"a"""u8, 0xff, 0xfe, .. "\"}"u8];
        var parse = () => JsonRpcReader.Parse(bytes);
        parse.Should().Throw<MalformedMessageException>().WithMessage("The message is not valid UTF-8.").Which.Code.Should().Be(ErrorCode.ParseError);
    }

    [Test]
    public void A_thousand_levels_are_a_parse_error_and_sixty_are_none()
    {
        Fault(Nested(1000)).Code.Should().Be(ErrorCode.ParseError);
        Parse(Nested(60)).Should().BeOfType<JsonRpcRequest>();

        static string Nested(int depth) =>
            $$$"""{"jsonrpc":"2.0","id":1,"method":"a","params":{"x":{{{new string('[', depth)}}}{{{new string(']', depth)}}}}}""";
    }

    [TestCase("""{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"x":"aaaa""", 5L, false)]
    [TestCase("""{"jsonrpc":"2.0","id":5,"result":{"x":"aaaa""", 5L, true)]
    [TestCase("""{"jsonrpc":"2.0","method":"tools/call","params":{"x":"aaaa""", null, false)]
    [TestCase("""{"jsonrpc":"2.0","id":12""", null, false)]
    [TestCase("aaaaaaaaa", null, false)]
    [TestCase("[[[[[[[[[", null, false)]
    public void Of_a_message_that_is_too_long_the_first_bytes_are_read_for_its_id(string head, long? id, bool isResponse)
    {
        var fault = JsonRpcReader.TooLong(Encoding.UTF8.GetBytes(head), 1000);
        fault.Message.Should().Be("The message is longer than 1000 bytes, which is the limit here.");
        fault.Id.Should().Be(id is { } number ? new RequestId(number) : (RequestId?)null);
        fault.IsResponse.Should().Be(isResponse);
    }

    [Test]
    public void The_request_metadata_is_found_on_the_way()
    {
        var request = (JsonRpcRequest)Parse("""{"jsonrpc":"2.0","id":1,"method":"a","params":{"x":1,"_meta":{"y":[2]},"z":3}}""");
        Encoding.UTF8.GetString(request.Meta.Span).Should().Be("""{"y":[2]}""");
        request.Params.ToString().Should().Be("""{"x":1,"_meta":{"y":[2]},"z":3}""");
    }

    private static JsonRpcMessage Parse(string json) => JsonRpcReader.Parse(Encoding.UTF8.GetBytes(json));

    private static MalformedMessageException Fault(string json) =>
        FluentActions.Invoking(() => Parse(json)).Should().Throw<MalformedMessageException>().Which;
}
