using System.Net;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>A server over HTTP that runs, the call that it gets, and the answer that must come.</summary>
internal sealed class HttpTarget : IAsyncDisposable
{
    private readonly ServerProcess process;
    private readonly IPEndPoint address;
    private readonly byte[] request;
    private readonly byte[] answer;

    private HttpTarget(ServerProgram program, ServerProcess process, IPEndPoint address, byte[] request, byte[] answer)
    {
        Program = program;
        this.process = process;
        this.address = address;
        this.request = request;
        this.answer = answer;
    }

    public ServerProgram Program { get; }

    /// <inheritdoc cref="ServerProcess.ResidentBytes"/>
    public long ResidentBytes => process.ResidentBytes;

    /// <param name="program">The server.</param>
    /// <param name="requestTo">Makes the call.</param>
    /// <param name="model">The server whose answers a floor gives, and all others must agree with; null for itself.</param>
    public static async Task<HttpTarget> StartAsync(ServerProgram program, Func<IPEndPoint, byte[]> requestTo, HttpTarget? model)
    {
        var process = await ServerProcess.StartAsync(program);
        var address = new IPEndPoint(IPAddress.Loopback, new Uri(await process.ReceiveAsync()).Port);
        if (program.AnswersAreFixed)
        {
            await process.SendAsync(Convert.ToBase64String(model!.answer));
            await process.ReceiveAsync();
            return new HttpTarget(program, process, address, model.request, model.answer);
        }

        var request = requestTo(address);
        var answer = Ask(address, request);
        Answers.MustAgree(answer, model?.answer ?? answer, program.Name);
        return new HttpTarget(program, process, address, request, answer);
    }

    public Contender Contend(int connections, Plan plan)
    {
        var load = new HttpLoad(address, request, answer, Program.AnswersAreFixed);
        return new Contender(Program.Contender, () => Task.Run(() => process.Measure(() => load.Run(connections, plan.Span)).Figures()))
        {
            WarmUpAsync = () => Task.Run(() => load.Run(connections, plan.WarmUp)),
        };
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static byte[] Ask(IPEndPoint address, byte[] request)
    {
        using var connection = new HttpConnection(address);
        return connection.Exchange(request).ToArray();
    }
}
