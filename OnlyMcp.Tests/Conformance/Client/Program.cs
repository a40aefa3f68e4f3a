// The client that the official conformance suite tests.
// Arguments:   ..., the address of the suite's server
// Environment: MCP_CONFORMANCE_SCENARIO          what to do
//              MCP_CONFORMANCE_CONTEXT           what the scenario gives beside, JSON
//              MCP_CONFORMANCE_PROTOCOL_VERSION  the revision to do it in; the suite's servers speak no other, so nothing is probed
using OnlyMcp.Client;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Conformance.Client;

var scenario = Environment.GetEnvironmentVariable("MCP_CONFORMANCE_SCENARIO") ?? "initialize";
if (Scenarios.Find(scenario) is not { } run)
{
    Console.Error.WriteLine($"The scenario '{scenario}' is not implemented.");
    return 2;
}

var options = new McpClientOptions
{
    ClientInfo = new Implementation { Name = "OnlyMcp.ConformanceClient", Version = "1.0.0" },
    Revision = KnownRevisions.Find(Environment.GetEnvironmentVariable("MCP_CONFORMANCE_PROTOCOL_VERSION")),
    OnProtocolFault = fault => Console.Error.WriteLine(fault.Message),
    OnElicit = (form, _, _) => ValueTask.FromResult(Scenarios.Answer(form)),
    OnSample = (_, _, _) => ValueTask.FromResult<CreateMessageResult?>(Scenarios.Message),
    Authorization = SuiteAuthorization.For(scenario),
    Roots = [new Root { Uri = "file:///conformance", Name = "conformance" }],
};
await using var client = await McpClient.ConnectAsync(args[^1], options);
await run(client);
return 0;
