// A calculator and a weather tool that any MCP client can use: over HTTP for all five revisions at once, or over stdio.
//
//   dotnet run --project samples/01-calculator-and-weather-server
//
// prints
//
//   Registered tool: calculator
//   Registered tool: weather
//   MCP Server initialized
//   Server initialized and routes configured
//   Server running at http://localhost:3001
//
// and serves http://localhost:3001/mcp (Streamable HTTP), /sse with /messages (HTTP+SSE), and pong at /ping, until Ctrl+C.
// The weather is made up (20 degrees and a sandstorm, everywhere) unless --weather-url names a service. Behind -- go --help and
// all other options. With --stdio these lines go to standard error: standard output belongs to the protocol.

using CalculatorAndWeatherServer;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;

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

var log = options.Stdio ? Console.Error : Console.Out;
using var service = options.WeatherUrl is { } url ? new OpenMeteo(url) : null;
var server = new McpServer("example-server", "1.0.0", new McpServerOptions
{
    Instructions = service is null ? "The weather tool is a demonstration: it always answers 20 degrees and a sandstorm." : null,
    WireTap = options.Wire ? new WireTap() : null,
});
server.AddTool(CalculatorTool.Definition, CalculatorTool.CallAsync);
server.AddTool(WeatherTool.Definition, new WeatherTool(service).CallAsync);
foreach (var tool in server.Tools.All)
    log.WriteLine($"Registered tool: {tool.Name}");
log.WriteLine("MCP Server initialized");

return options.Stdio ? await OverStdio.ServeAsync(server, log) : await OverHttp.ServeAsync(server, options.Port, log);
