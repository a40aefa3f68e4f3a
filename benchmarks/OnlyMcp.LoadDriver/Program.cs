using OnlyMcp.LoadDriver;
using OnlyMcp.LoadDriver.Page;
using OnlyMcp.LoadDriver.Servers;

// The servers are this program too, each in a process of its own.
await (args switch
{
    ["serve", var server, var channel] => ServerPrograms.RunAsync(server, channel),
    [ServerPrograms.SoakStdio] => SoakServer.ServeStdioAsync(),
    ["start", var contender, var answer] => StartPrograms.RunAsync(contender, answer),
    ["report"] => PerformancePage.WriteAsync(),
    _ => Section.RunAsync(Plan.Parse(args)),
});
