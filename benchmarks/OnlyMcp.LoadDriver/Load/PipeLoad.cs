using System.Buffers;
using System.Diagnostics;
using System.Text;
using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>
/// Calls a server over its standard input and output, with so many calls in flight: for each answer that comes the next call leaves.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="call">The call and its answer, each with its line end.</param>
/// <param name="answersAreFixed">Whether the server answers the same bytes to every call, whatever its number.</param>
internal sealed class PipeLoad(ServerProcess server, NumberedCall call, bool answersAreFixed)
{
    private readonly byte[] received = new byte[256 * 1024];
    private readonly ArrayBufferWriter<byte> next = new();
    private int filled;
    private long sumAsked;
    private long sumAnswered;

    public Throughput Run(int window, int calls)
    {
        (sumAsked, sumAnswered) = (0, 0);
        var start = Stopwatch.GetTimestamp();
        int asked = 0, answered = 0;
        Ask(Math.Min(window, calls));
        while (answered < calls)
        {
            var answers = TakeAnswers();
            answered += answers;
            Ask(Math.Min(answers, calls - asked));
        }

        // Answers may come in any order; together they must be those to what was asked.
        if (!answersAreFixed && sumAsked != sumAnswered)
            throw new InvalidDataException("Calls were answered twice, or with another call's answer.");
        return new Throughput(answered, Stopwatch.GetElapsedTime(start));

        void Ask(int more)
        {
            for (var i = 0; i < more; i++)
            {
                var number = NumberedCall.Template + (asked++ % 80_000_000);
                sumAsked += number;
                next.Write(call.With(number));
            }

            if (next.WrittenCount > 0)
                server.Input.Write(next.WrittenSpan);
            next.ResetWrittenCount();
        }
    }

    /// <summary>Waits for bytes, and counts the answers that are complete with them.</summary>
    private int TakeAnswers()
    {
        var count = server.Output.Read(received.AsSpan(filled));
        filled += count > 0 ? count : throw new EndOfStreamException("The server has closed its output.");
        int answers = 0, from = 0;
        while (received.AsSpan(from..filled).IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = received.AsSpan(from, length + 1);
            if (!call.TryRead(line, out var number))
                throw new InvalidDataException($"A wrong answer: {Encoding.UTF8.GetString(line)}");
            sumAnswered += number;
            answers++;
            from += length + 1;
        }

        received.AsSpan(from..filled).CopyTo(received);
        filled -= from;
        return answers;
    }
}
