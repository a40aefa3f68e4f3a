using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Protocol.Schema;

namespace LongJob;

/// <summary>Puts what the job asks to whoever sits at the console, unless the answer was given on the command line.</summary>
/// <param name="given">The answer, if it is known.</param>
/// <param name="leave">Is told why nobody answers: the job waits, for whoever comes back.</param>
internal sealed class Question(string? given, Action<string> leave)
{
    private Task<string?>? reading;

    public async ValueTask<ElicitResult> AskAsync(ElicitRequestFormParams form, InputContext context, CancellationToken stop)
    {
        Console.WriteLine($"{context.Server} asks: {form.Message}");
        var answer = new JsonObject();
        foreach (var (name, field) in form.RequestedSchema.Properties)
        {
            if (field is not UntitledSingleSelectEnumSchema { Enum: var choices })
                return ElicitAnswer.Decline; // A form for another program than this.
            if (await ChooseAsync(name, choices, stop) is not { } choice)
                return ElicitAnswer.Decline;

            answer[name] = choice;
        }

        return ElicitAnswer.Accept(answer);
    }

    /// <summary>One of the choices; null if the user does not want any.</summary>
    private async Task<string?> ChooseAsync(string name, IReadOnlyList<string> choices, CancellationToken stop)
    {
        var words = string.Join(" or ", choices);
        while (true)
        {
            Console.WriteLine($"{name}: {words}, and Enter; Enter alone says no");
            if ((given ?? await ReadLineAsync(stop)) is not { } text)
                return await LeaveAsync("Nobody is here to answer.", stop);
            if (text.Trim() is "")
                return null;
            if (choices.FirstOrDefault(choice => choice.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } choice)
                return choice;
            if (given is not null)
                return await LeaveAsync($"--answer can be {words}, and not {given}.", stop);
        }
    }

    /// <summary>A console has no reading that could be cancelled: one that nobody waits for any more is taken up by whoever asks next.</summary>
    private async Task<string?> ReadLineAsync(CancellationToken stop)
    {
        var line = await (reading ??= Task.Run(Console.ReadLine, CancellationToken.None)).WaitAsync(stop);
        reading = null;
        return line;
    }

    private async Task<string?> LeaveAsync(string why, CancellationToken stop)
    {
        leave(why);
        await Task.Delay(Timeout.Infinite, stop);
        return null;
    }
}
