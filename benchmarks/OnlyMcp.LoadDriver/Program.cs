using OnlyMcp.LoadDriver;
using OnlyMcp.LoadDriver.Page;
using OnlyMcp.LoadDriver.Servers;

// The servers are this program too, each in a process of its own.
return await (args switch
{
    ["serve", var server, var channel] => EndAsync(ServerPrograms.RunAsync(server, channel)),
    [ServerPrograms.SoakStdio] => EndAsync(SoakServer.ServeStdioAsync()),
    ["start", var contender, var answer] => EndAsync(StartPrograms.RunAsync(contender, answer)),
    ["report"] => EndAsync(PerformancePage.WriteAsync()),
    ["--help"] => EndAsync(Console.Out.WriteLineAsync(Plan.Usage)),
    _ => MeasureAsync(args),
});

static async Task<int> EndAsync(Task work)
{
    await work;
    return Environment.ExitCode;
}

static async Task<int> MeasureAsync(string[] args)
{
    try
    {
        await Section.RunAsync(Plan.Parse(args));
        return Environment.ExitCode;
    }
    catch (CommandLineException fault)
    {
        Console.Error.WriteLine(fault.Message);
        return 2;
    }
    catch (InvalidDataException fault)
    {
        Console.Error.WriteLine($"FAILED: {fault.Message}");
        return 1;
    }
}
