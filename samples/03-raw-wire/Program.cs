// What goes over the wire: the same tool call in both eras, with HttpClient and strings, and no type of OnlyMcp.
//
// With the server of 01 running,
//
//   dotnet run --project samples/03-raw-wire
//
// prints (... stands for what differs or is long)
//
//   == 2025-11-25: a session, opened by a handshake
//
//   # The client says which revision it speaks and what it can do.
//   # Spec: 2025-11-25 basic/lifecycle §Initialization
//   --> POST /mcp
//       Accept: application/json, text/event-stream
//       {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",...}}
//   <-- 200 OK
//       Content-Type: application/json
//       Mcp-Session-Id: ...
//       {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25",...}}
//   ...
//   == 2026-07-28: no session, each request says everything
//   ...
//   # The answer says that it is complete.
//   # Spec: 2026-07-28 server/tools §Calling Tools
//   --> POST /mcp
//       Accept: application/json, text/event-stream
//       MCP-Protocol-Version: 2026-07-28
//       Mcp-Method: tools/call
//       Mcp-Name: calculator
//       {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"calculator",...}}
//   <-- 200 OK
//       Content-Type: application/json
//       {"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"Result of multiply 6 and 7: 42"}],"resultType":"complete",...}}

using RawWire;

Console.OutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
var address = args.Length == 0 ? "http://localhost:3001/mcp" : args[0];
if (args.Length > 1 || !Uri.TryCreate(address, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
{
    Console.Error.WriteLine("Usage: dotnet run --project samples/03-raw-wire [-- URL]   (default http://localhost:3001/mcp)");
    return 2;
}

try
{
    using var wire = new Wire(endpoint);
    await Session.ShowAsync(wire);
    await Stateless.ShowAsync(wire);
    return 0;
}
catch (HttpRequestException fault)
{
    Console.Error.WriteLine($"{endpoint} cannot be reached: {fault.Message}");
    return 1;
}
