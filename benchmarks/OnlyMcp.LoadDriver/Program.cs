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
Console.WriteLine(Machine.Here());
foreach (var section in Section.All.Where(plan.HasSection))
    await section.RunAndWriteAsync(plan);
