// A host: connects to an MCP server, whichever revision and transport it speaks, lists its tools and prints what it was told.
//
// With the server of 01 running,
//
//   dotnet run --project samples/02-host
//
// prints (... stands for what is long)
//
//   Initializing MCP client for server: http://localhost:3001/mcp
//   Connecting to MCP server...
//   Connected to MCP server successfully
//   Available tools: {
//     "tools": [
//       {
//         "name": "calculator",
//         "description": "Calculator tool - performs basic math operations",
//         "inputSchema": {
//   ...
//     ]
//   }
//
//   🎉 MCP client initialized and ready for interaction
//
// Behind -- goes the URL of another server, or --stdio and a command that starts one; --help shows all.

using System.Text;
using Host;
using OnlyMcp.Client;
using OnlyMcp.Protocol.Transport;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException fault)
{
    Console.Error.WriteLine($"{fault.Message} --help shows the options.");
    return 2;
}

if (options.WantsHelp)
{
    Console.WriteLine(Options.Help);
    return 0;
}

try
{
    Console.WriteLine($"Initializing MCP client for server: {options.Server}");
    Console.WriteLine("Connecting to MCP server...");
    await using var client = await ConnectAsync(options);
    Console.WriteLine("Connected to MCP server successfully");
    Console.WriteLine($"Available tools: {await ToolList.ReadAsync(client)}");
    Console.WriteLine("\n🎉 MCP client initialized and ready for interaction");
    return 0;
}
catch (Exception fault)
{
    Console.Error.WriteLine($"Failed to connect to MCP server: {fault.Message}");
    return 1;
}

static Task<McpClient> ConnectAsync(Options options)
{
    var settings = new McpClientOptions
    {
        ClientInfo = new() { Name = "example-client", Version = "1.0.0" },
        Revision = options.Revision,
        WireTap = options.Wire ? new WireTap() : null,
    };
    return options.Command is [var program, .. var arguments]
        ? McpClient.StartAsync(program, arguments, settings)
        : McpClient.ConnectAsync(options.Url, settings);
}
