using OnlyMcp.LoadDriver;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

// The servers are this program too, each in a process of its own.
if (args is ["serve", var server, var channel])
{
    await ServerPrograms.RunAsync(server, channel);
    return;
}

if (args is ["probe", var what, var rounds, var ms])
{
    await CallersProbe.RunAsync(what == "client", int.Parse(rounds), int.Parse(ms));
    return;
}

var plan = Plan.Parse(args);
Console.WriteLine(Machine.Describe());
if (plan.Http)
    ResultTable.Print("HTTP: connections, each with one call in flight", await HttpComparison.RunAsync(plan));
if (plan.Stdio)
    ResultTable.Print("stdio: calls in flight on one pipe", await StdioComparison.RunAsync(plan));
Console.WriteLine($"Load of the machine at the end: {Machine.Load()}");
