using System.Text;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Sections;

/// <summary>Servers over their standard input and output, with so many calls in flight on the one pipe.</summary>
internal static class StdioSection
{
    public const string Name = "stdio";

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan)
    {
        var results = new List<Result>();
        foreach (var test in Cases().Where(test => plan.HasCase(test.Name)))
            results.AddRange(await Rounds.RunAsync(Name, test.Name, plan.Rounds, [.. Compared(test, plan).Where(contender => plan.HasContender(contender.Name))]));
        ResultTable.Print("stdio", results);
        return results;
    }

    private static IEnumerable<Case> Cases()
    {
        foreach (var warmUp in new[] { 20_000, 150_000 })
        {
            foreach (var window in new[] { 1, 16 })
                yield return new Case(window, warmUp);
        }
    }

    private static IEnumerable<Contender> Compared(Case test, Plan plan)
    {
        var message = Messages.CallModern(Messages.Echo);
        byte[]? answer = null;
        yield return new Contender(Contenders.Ours, () => MeasureAsync(ServerPrograms.OurStdio));
        yield return new Contender(Contenders.Raw, () => MeasureAsync(ServerPrograms.RawStdio));

        // Each round has a process of its own: how warm a server is, is part of the case.
        async Task<IReadOnlyDictionary<string, double>> MeasureAsync(ServerProgram program)
        {
            await using var server = await ServerProcess.StartAsync(program);
            await server.ReceiveAsync();
            if (program.AnswersAreFixed)
            {
                await server.SendAsync(Convert.ToBase64String(answer ??= await AskOursAsync(message)));
                await server.ReceiveAsync();
            }
            else
            {
                answer = Ask(server, message);
            }

            var load = new PipeLoad(server, new NumberedCall(Encoding.UTF8.GetBytes(message + "\n"), answer), program.AnswersAreFixed);
            load.Run(test.Window, plan.Pick(test.WarmUp, test.WarmUp, test.WarmUp / 100));
            return (await server.MeasureAsync(() => load.Run(test.Window, plan.Pick(50_000, 50_000, 500)))).Figures();
        }
    }

    private static async Task<byte[]> AskOursAsync(string message)
    {
        await using var server = await ServerProcess.StartAsync(ServerPrograms.OurStdio);
        await server.ReceiveAsync();
        return Ask(server, message);
    }

    /// <summary>The answer to one message, with its line end.</summary>
    private static byte[] Ask(ServerProcess server, string message)
    {
        server.Input.Write(Encoding.UTF8.GetBytes(message + "\n"));
        var line = new List<byte>();
        do
            line.Add((byte)server.Output.ReadByte());
        while (line[^1] != '\n');
        return [.. line];
    }

    private sealed record Case(int Window, int WarmUp)
    {
        public string Name => $"echo, window {Window}, after {WarmUp / 1000}k";
    }
}
