using System.Text;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver;

/// <summary>Our server over stdio beside a program that answers the same line to every line.</summary>
internal static class StdioComparison
{
    public static async Task<IReadOnlyList<Row>> RunAsync(Plan plan) =>
    [
        .. await CompareAsync("modern echo", plan, Messages.CallModern(Messages.Echo), opening: null),
        .. await CompareAsync($"{Messages.Legacy} echo", plan, Messages.CallLegacy(Messages.Echo), Messages.Initialize),
    ];

    private static async Task<IReadOnlyList<Row>> CompareAsync(string name, Plan plan, string message, string? opening)
    {
        await using var ours = await ServerProcess.StartAsync(ServerPrograms.OurStdio);
        await using var raw = await ServerProcess.StartAsync(ServerPrograms.RawStdio);
        await ours.ReceiveAsync();
        await raw.ReceiveAsync();
        if (opening is not null)
            Ask(ours, opening);

        var answer = Ask(ours, message);
        await raw.SendAsync(Convert.ToBase64String(answer));
        await raw.ReceiveAsync();

        var call = new NumberedCall(Encoding.UTF8.GetBytes(message + "\n"), answer);
        var comparison = new Comparison(
            ours, new PipeLoad(ours, call, answersAreFixed: false).Run,
            raw, new PipeLoad(raw, call, answersAreFixed: true).Run);
        return await comparison.RunAsync(name, plan.Windows, plan);
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
}
