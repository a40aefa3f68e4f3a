using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>Servers over their standard input and output, with so many calls in flight on the one pipe.</summary>
internal static class StdioSection
{
    public const string Name = "stdio";

    private static readonly string Echo = Messages.CallModern(Messages.Echo);
    private static readonly string SessionEcho = Messages.CallLegacy(Messages.Echo);

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        var results = new List<Result>();
        foreach (var test in Cases(plan).Where(test => plan.HasCase(test.Name)))
        {
            var model = PipeTarget.Ask(test.Programs[0], test.Message, test.Opens);
            var contenders = ServerPrograms.Chosen(plan, test.Programs).Select(program => Contend(program, test, plan, model));
            results.AddRange(await Rounds.RunAsync(Name, test.Name, plan.RoundsOr(full: 3, quick: 2), [.. contenders]));
        }

        ResultTable.Print("stdio: calls in flight on one pipe", results);
        return results;
    }

    private static IEnumerable<Case> Cases(Plan plan)
    {
        ServerProgram[] three = [ServerPrograms.OurStdio, ServerPrograms.RawStdio, ServerPrograms.CSharpStdio];
        ServerProgram[] four = [.. three, ServerPrograms.TypeScript2Stdio];
        ServerProgram[] many =
        [
            ServerPrograms.OurStdioMany, ServerPrograms.RawStdio, ServerPrograms.CSharpStdioMany, ServerPrograms.TypeScript2StdioMany,
        ];
        Case[] once =
        [
            new("echo", Echo, 1, WarmUp: 20_000, Calls: 50_000, OnOneCore: true, four),
            new("echo", Echo, 16, WarmUp: 20_000, Calls: 50_000, OnOneCore: true, four),
            new("session echo", SessionEcho, 16, WarmUp: 20_000, Calls: 50_000, OnOneCore: true, [.. four, ServerPrograms.TypeScript1Stdio]),
            new("list of 100 tools", Messages.ListModern, 1, WarmUp: 1_000, Calls: 1_000, OnOneCore: true, many),
        ];
        Case[] later =
        [
            new("echo", Echo, 1, WarmUp: 150_000, Calls: 50_000, OnOneCore: true, four),
            new("echo", Echo, 16, WarmUp: 150_000, Calls: 50_000, OnOneCore: true, four),
            new("echo", Echo, 1, WarmUp: 20_000, Calls: 50_000, OnOneCore: false, three),
            new("echo", Echo, 16, WarmUp: 20_000, Calls: 50_000, OnOneCore: false, three),
        ];
        return once.Concat(plan.Pick(full: later, quick: [], smoke: later[3..])).Where(test => OneCore.IsSupported || !test.OnOneCore);
    }

    /// <summary>Each round has a process of its own: how warm a server is, is part of the case.</summary>
    private static Contender Contend(ServerProgram program, Case test, Plan plan, byte[] model)
    {
        return new Contender(
            program.Contender, () => Task.Run(() => test.OnOneCore && OneCore.IsSupported ? OneCore.Run(Measure) : Measure()));

        IReadOnlyDictionary<string, double> Measure()
        {
            using var target = PipeTarget.Start(program, test.Message, test.Opens, model);
            target.Load.Run(test.Window, plan.Pick(test.WarmUp, test.WarmUp, test.WarmUp / 100));
            var calls = plan.Pick(test.Calls, test.Calls / 5, test.Calls / 100);
            return target.Process.Measure(() => target.Load.Run(test.Window, calls)).Figures();
        }
    }

    private sealed record Case(string Call, string Message, int Window, int WarmUp, int Calls, bool OnOneCore, ServerProgram[] Programs)
    {
        public bool Opens => Message == SessionEcho;

        public string Name => $"{Call}, window {Window}, after {WarmUp / 1000}k, {(OnOneCore ? "one core" : "all cores")}";
    }
}
