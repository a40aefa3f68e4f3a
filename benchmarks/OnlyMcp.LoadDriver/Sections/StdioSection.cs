using System.Text;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>Servers over their standard input and output, with so many calls in flight on the one pipe.</summary>
internal static class StdioSection
{
    public const string Name = "stdio";

    private static readonly string Message = Messages.CallModern(Messages.Echo);

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        var results = new List<Result>();
        var model = PipeTarget.Ask(ServerPrograms.OurStdio, Message);
        foreach (var test in Cases().Where(test => plan.HasCase(test.Name)))
        {
            var contenders = ServerPrograms.Chosen(plan, test.Programs).Select(program => Contend(program, test, plan, model));
            results.AddRange(await Rounds.RunAsync(Name, test.Name, plan.Rounds, [.. contenders]));
        }

        ResultTable.Print("stdio: calls in flight on one pipe", results);
        return results;
    }

    private static IEnumerable<Case> Cases()
    {
        ServerProgram[] ours = [ServerPrograms.OurStdio, ServerPrograms.RawStdio, ServerPrograms.CSharpStdio];
        ServerProgram[] all = [.. ours, ServerPrograms.TypeScript2Stdio, ServerPrograms.TypeScript1Stdio];
        foreach (var (warmUp, window) in new[] { (20_000, 1), (20_000, 16), (150_000, 1), (150_000, 16) })
        {
            if (OneCore.IsSupported)
                yield return new Case(window, warmUp, OnOneCore: true, all);
        }

        foreach (var window in new[] { 1, 16 })
            yield return new Case(window, 20_000, OnOneCore: false, ours);
    }

    /// <summary>Each round has a process of its own: how warm a server is, is part of the case.</summary>
    private static Contender Contend(ServerProgram program, Case test, Plan plan, byte[] model)
    {
        return new Contender(program.Contender, () => Task.Run(() => test.OnOneCore && OneCore.IsSupported ? OneCore.Run(Measure) : Measure()));

        IReadOnlyDictionary<string, double> Measure()
        {
            using var target = PipeTarget.Start(program, Message, model);
            target.Load.Run(test.Window, plan.Pick(test.WarmUp, test.WarmUp, 200));
            return target.Process.Measure(() => target.Load.Run(test.Window, plan.Pick(50_000, 50_000, 500))).Figures();
        }
    }

    private sealed record Case(int Window, int WarmUp, bool OnOneCore, ServerProgram[] Programs)
    {
        public string Name => $"echo, window {Window}, after {WarmUp / 1000}k, {(OnOneCore ? "one core" : "all cores")}";
    }
}
