// The server that the official conformance suite tests, in every revision at one address. Prints that address, and serves until its
// standard input ends or it is asked to end.
// Arguments: the port; without one, any that is free
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Conformance.Server;

await using var host = new McpHttpHost(ConformanceServer.Make(), $"http://127.0.0.1:{(args.Length > 0 ? args[0] : "0")}/");
await host.StartAsync();
Console.WriteLine(new Uri(host.Address, "/mcp"));
await Console.In.ReadToEndAsync();
