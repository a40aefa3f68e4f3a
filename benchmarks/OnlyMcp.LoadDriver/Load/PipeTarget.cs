using System.Text;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>
/// A running server over its standard input and output, and the load that it gets. It runs on the cores of the thread that has started it.
/// </summary>
internal sealed class PipeTarget : IDisposable
{
    private PipeTarget(ServerProcess process, PipeLoad load)
    {
        Process = process;
        Load = load;
    }

    public ServerProcess Process { get; }

    public PipeLoad Load { get; }

    /// <param name="program">The server.</param>
    /// <param name="message">The call.</param>
    /// <param name="opens">Whether the call belongs to a session, which must be opened.</param>
    /// <param name="model">The answer that a floor gives, and all others must agree with.</param>
    public static PipeTarget Start(ServerProgram program, string message, bool opens, byte[] model)
    {
        var process = Started(program);
        var answer = model;
        if (program.AnswersAreFixed)
        {
            process.SendAsync(Convert.ToBase64String(model)).GetAwaiter().GetResult();
            process.ReceiveAsync().GetAwaiter().GetResult();
        }
        else
        {
            answer = Ask(process, message, opens);
            Answers.MustAgree(answer, model, program.Name);
        }

        return new PipeTarget(process, new PipeLoad(process, new NumberedCall(Line(message), answer), program.AnswersAreFixed));
    }

    /// <summary>The answer of a server that is started for it, with its line end.</summary>
    public static byte[] Ask(ServerProgram program, string message, bool opens)
    {
        var process = Started(program);
        var answer = Ask(process, message, opens);
        process.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return answer;
    }

    public void Dispose() => Process.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public static byte[] Line(string message) => Encoding.UTF8.GetBytes(message + "\n");

    public static byte[] ReadLine(Stream output)
    {
        var line = new List<byte>();
        do
        {
            var next = output.ReadByte();
            line.Add(next >= 0 ? (byte)next : throw new EndOfStreamException("The server has closed its output."));
        }
        while (line[^1] != '\n');
        return [.. line];
    }

    private static ServerProcess Started(ServerProgram program)
    {
        var process = ServerProcess.StartAsync(program).GetAwaiter().GetResult();
        process.ReceiveAsync().GetAwaiter().GetResult();
        return process;
    }

    private static byte[] Ask(ServerProcess process, string message, bool opens)
    {
        if (opens)
        {
            process.Input.Write(Line(Messages.Initialize));
            ReadLine(process.Output);
            process.Input.Write(Line(Messages.Initialized));
        }

        process.Input.Write(Line(message));
        return ReadLine(process.Output);
    }
}
