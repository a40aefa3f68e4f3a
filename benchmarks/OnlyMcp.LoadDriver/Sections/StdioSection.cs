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
            new("echo", Echo, 1, WarmUp: 20_000, Calls: 50_000, Cores.One, four),
            new("echo", Echo, 16, WarmUp: 20_000, Calls: 50_000, Cores.One, four),
            new("session echo", SessionEcho, 16, WarmUp: 20_000, Calls: 50_000, Cores.One, [.. four, ServerPrograms.TypeScript1Stdio]),
            new("list of 100 tools", Messages.ListModern, 1, WarmUp: 1_000, Calls: 1_000, Cores.One, many),
        ];
        Case[] later =
        [
            new("echo", Echo, 1, WarmUp: 150_000, Calls: 50_000, Cores.OneOnceWarm, four),
            new("echo", Echo, 16, WarmUp: 150_000, Calls: 50_000, Cores.OneOnceWarm, four),
            new("echo", Echo, 1, WarmUp: 20_000, Calls: 50_000, Cores.All, three),
            new("echo", Echo, 16, WarmUp: 20_000, Calls: 50_000, Cores.All, three),
        ];
        return once.Concat(plan.Pick(full: later, quick: [], smoke: later[3..])).Where(test => OneCore.IsSupported || test.Cores == Cores.All);
    }

    /// <summary>Each round has a process of its own: how warm a server is, is part of the case.</summary>
    private static Contender Contend(ServerProgram program, Case test, Plan plan, byte[] model)
    {
        return new Contender(program.Contender, () => Task.Run(() => test.Cores == Cores.One && OneCore.IsSupported ? OneCore.Run(Measure) : Measure()));

        IReadOnlyDictionary<string, double> Measure()
        {
            using var target = PipeTarget.Start(program, test.Message, test.Opens, model);
            target.Load.Run(test.Cores == Cores.OneOnceWarm ? 1 : test.Window, plan.Pick(test.WarmUp, test.WarmUp, test.WarmUp / 100));
            return test.Cores == Cores.OneOnceWarm && OneCore.IsSupported ? OneCore.Share(target.Process.Id, () => Call(target)) : Call(target);
        }

        IReadOnlyDictionary<string, double> Call(PipeTarget target) =>
            target.Process.Measure(() => target.Load.Run(test.Window, plan.Pick(test.Calls, test.Calls / 5, test.Calls / 100))).Figures();
    }

    private enum Cores
    {
        /// <summary>Driver and server run where the system lets them.</summary>
        All,

        /// <summary>Both run on one from the beginning: what is measured is code that .NET has compiled quickly, and not yet again.</summary>
        One,

        /// <summary>
        /// The server is warmed up on all of them with one call in flight, and .NET has time to compile again what is hot; then both share one.
        /// </summary>
        OneOnceWarm,
    }

    private sealed record Case(string Call, string Message, int Window, int WarmUp, int Calls, Cores Cores, ServerProgram[] Programs)
    {
        public bool Opens => Message == SessionEcho;

        public string Name => $"{Call}, window {Window}, after {WarmUp / 1000}k, {(Cores == Cores.All ? "all cores" : "one core")}";
    }
}
