using System.Diagnostics;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>From the start of a process to its answer to the first message, over its standard input and output.</summary>
internal static class StartSection
{
    public const string Name = "start";

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        var results = new List<Result>();
        foreach (var test in Cases().Where(test => plan.HasCase(test.Name)))
        {
            var model = PipeTarget.Ask(ServerPrograms.OurStdio, test.Message, opens: false);
            var programs = ServerPrograms.Chosen(
                plan, ServerPrograms.OurStdio, ServerPrograms.RawStdio, ServerPrograms.CSharpStdio, ServerPrograms.TypeScript2Stdio);
            var contenders = programs.Select(program => Contend(program, test.Message, model));
            results.AddRange(await Rounds.RunAsync(Name, test.Name, plan.RoundsOr(full: 10, quick: 5), [.. contenders]));
        }

        ResultTable.Print("start: from the start of the process to its first answer, over stdio", results);
        return results;
    }

    private static IEnumerable<Case> Cases() =>
    [
        new("server/discover", Messages.DiscoverModern),
        new("initialize", Messages.Initialize),
        new("tools/call, schema made from the method", Messages.CallModern(Messages.Echo)),
    ];

    /// <summary>One start that does not count brings everybody's files into memory.</summary>
    private static Contender Contend(ServerProgram program, string message, byte[] model)
    {
        return new Contender(program.Contender, () => Task.Run(Measure)) { WarmUpAsync = () => Task.Run(Measure) };

        IReadOnlyDictionary<string, double> Measure()
        {
            var start = Stopwatch.GetTimestamp();
            using var process = program.StartAlone(model);
            process.StandardInput.BaseStream.Write(PipeTarget.Line(message));
            var answer = PipeTarget.ReadLine(process.StandardOutput.BaseStream);
            var elapsed = Stopwatch.GetElapsedTime(start);
            var cpu = process.TotalProcessorTime;
            process.Kill();
            process.WaitForExit();
            Answers.MustAgree(answer, model, program.Name);
            return new Dictionary<string, double>
            {
                [Metric.Milliseconds] = elapsed.TotalMilliseconds,
                [Metric.CpuMilliseconds] = cpu.TotalMilliseconds,
            };
        }
    }

    private sealed record Case(string Name, string Message);
}
