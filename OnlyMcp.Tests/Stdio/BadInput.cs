using System.Text;

namespace OnlyMcp.Tests.Stdio;

/// <summary>A line that is no message, or a message that nobody wants, and what a server answers to it on a pipe; null for nothing at all.</summary>
internal sealed record BadInput(string Name, byte[] Line, string? Answer)
{
    private const string NoId = """{"jsonrpc":"2.0","error":{"code":-32700,"message":"The message is not valid JSON""";
    private const string NoIdInvalid = """{"jsonrpc":"2.0","error":{"code":-32600,"message":""";

    public static IEnumerable<TestCaseData> Lines() =>
        All().Select(input => new TestCaseData(input.Line, input.Answer).SetArgDisplayNames(input.Name));

    public static IEnumerable<BadInput> All()
    {
        yield return new("no UTF-8", [.. """{"jsonrpc":"2.0","id":1,"method":"pi"""u8, 0xff, 0xfe, .. "\"}"u8], """{"jsonrpc":"2.0","error":{"code":-32700,"message":"The message is not valid UTF-8."}}""");
        yield return Case("no JSON", "hello", NoId);
        yield return Case("zero bytes", "\0\0\0", NoId);
        yield return Case("cut off", """{"jsonrpc":"2.0","id":1,"method":"ping" """, NoId);
        yield return Case("1,000 levels deep", """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":""" + new string('[', 1000) + new string(']', 1000) + "}}", NoId);
        yield return Case("half a surrogate pair", """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\ud800"}}""", NoId);
        yield return Case("wrong jsonrpc", """{"jsonrpc":"1.0","id":1,"method":"ping"}""", Invalid("1", "The member 'jsonrpc'"));
        yield return Case("missing jsonrpc", """{"id":1,"method":"ping"}""", Invalid("1", "The member 'jsonrpc' is missing"));
        yield return Case("id null", """{"jsonrpc":"2.0","id":null,"method":"ping"}""", NoIdInvalid + "\"The 'id' of a request must not be null");
        yield return Case("id a fraction", """{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", NoIdInvalid + "\"The 'id' must be");
        yield return Case("id huge", """{"jsonrpc":"2.0","id":18446744073709551616,"method":"ping"}""", NoIdInvalid + "\"The 'id' must be");
        yield return Case("method absent", """{"jsonrpc":"2.0","id":"a"}""", Invalid("\"a\"", "A message has a 'method'"));
        yield return Case("method no string", """{"jsonrpc":"2.0","id":1,"method":{}}""", Invalid("1", "The 'method' must be a string."));
        yield return Case("params an array", """{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}""", Invalid("1", "The 'params' must be an object."));
        yield return Case("params a string", """{"jsonrpc":"2.0","id":1,"method":"ping","params":"x"}""", Invalid("1", "The 'params' must be an object."));
        yield return Case("duplicate key", """{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}""", Invalid("1", "The member 'method' stands twice."));
        yield return Case("key in another case", """{"jsonrpc":"2.0","id":1,"Method":"ping"}""", Invalid("1", "The member 'Method' must be written 'method'."));
        yield return Case("key in two cases", """{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}""", Invalid("1", "The member 'Method' must be written 'method'."));
        yield return Case("duplicate id", """{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}""", Invalid("2", "The member 'id' stands twice."));
        yield return Case("an array", """[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", NoIdInvalid + "\"A message is a JSON object.\"");
        yield return Case("5 MB with an id in front", """{"jsonrpc":"2.0","id":"big","method":"ping","params":{"a":" """ + new string('x', 5_000_000) + "\"}}", Invalid("\"big\"", "The message is longer than 4194304 bytes"));
        yield return Case("5 MB of nothing", new string('x', 5_000_000), NoIdInvalid + "\"The message is longer than 4194304 bytes");
        yield return Case("unknown method", """{"jsonrpc":"2.0","id":1,"method":"no/such"}""", """{"jsonrpc":"2.0","id":1,"error":{"code":-32601""");
        yield return Case("a response nobody asked for", """{"jsonrpc":"2.0","id":1,"result":{}}""", null);
        yield return Case("an error nobody asked for", """{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}""", null);
        yield return Case("a malformed response", """{"jsonrpc":"2.0","id":1,"result":[]}""", null);
        yield return Case("a 5 MB response", """{"jsonrpc":"2.0","id":1,"result":{"a":" """ + new string('x', 5_000_000) + "\"}}", null);
        yield return Case("an unknown notification", """{"jsonrpc":"2.0","method":"notifications/no-such"}""", null);
        yield return Case("a cancellation of nothing", """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}""", null);
        yield return Case("a malformed cancellation", """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}""", null);
        yield return Case("malformed metadata", """{"jsonrpc":"2.0","method":"notifications/no-such","params":{"_meta":7}}""", null);
        yield return Case("empty lines", "\n\r\n  \n", null);
    }

    private static string Invalid(string id, string reason) => $$"""{"jsonrpc":"2.0","id":{{id}},"error":{"code":-32600,"message":"{{reason}}""";

    private static BadInput Case(string name, string line, string? answer) => new(name, Encoding.UTF8.GetBytes(line), answer);
}
