// A whole MCP server: a method becomes a tool, and its parameters the schema that each call is held against.
// Clients start it themselves and speak with it over stdio. The host of 02 is one:
//
//   dotnet run --project samples/02-host -- --stdio dotnet run --project samples/00-hello
//
// prints (... stands for what is long)
//
//   ...
//   Available tools: {
//     "tools": [
//       {
//         "name": "greet",
//         "description": "Greets somebody",
//         "inputSchema": {
//   ...

using OnlyMcp.Server;

var server = new McpServer("hello", "1.0.0");
server.AddTool("greet", "Greets somebody", (string name) => $"Hello, {name}!");
await server.RunStdioAsync();
