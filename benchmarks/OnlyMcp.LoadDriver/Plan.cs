using System.Globalization;

namespace OnlyMcp.LoadDriver;

/// <summary>What is measured, how often and how long, as the command line says.</summary>
internal sealed record Plan
{
    public const string Usage = "Arguments: [http] [stdio] [--quick] [--connections 1,32,256] [--rounds 7] [--seconds 2]";

    public bool Http { get; private init; }

    public bool Stdio { get; private init; }

    public IReadOnlyList<int> Connections { get; private init; } = [1, 32];

    /// <summary>How many calls the client of a pipe has in flight.</summary>
    public IReadOnlyList<int> Windows { get; } = [1, 16];

    public int Rounds { get; private init; } = 7;

    /// <summary>How long a server is called in a round.</summary>
    public TimeSpan Span { get; private init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a server is called before anything counts: until then its code is still being compiled, and compiled again.</summary>
    public TimeSpan WarmUp { get; private init; } = TimeSpan.FromSeconds(3);

    /// <exception cref="FormatException">The command line says something else.</exception>
    public static Plan Parse(IEnumerable<string> args)
    {
        var words = new Queue<string>(args);
        var plan = new Plan();
        while (words.TryDequeue(out var word))
        {
            plan = word switch
            {
                "http" => plan with { Http = true },
                "stdio" => plan with { Stdio = true },
                "--quick" => plan with { Rounds = 3, Span = TimeSpan.FromSeconds(0.6), WarmUp = TimeSpan.FromSeconds(1.5) },
                "--connections" => plan with { Connections = [.. Value(words).Split(',').Select(Number)] },
                "--rounds" => plan with { Rounds = Number(Value(words)) },
                "--seconds" => plan with { Span = TimeSpan.FromSeconds(double.Parse(Value(words), CultureInfo.InvariantCulture)) },
                _ => throw new FormatException($"'{word}' is unknown. {Usage}"),
            };
        }

        return plan.Http || plan.Stdio ? plan : plan with { Http = true, Stdio = true };
    }

    private static string Value(Queue<string> words) => words.TryDequeue(out var value) ? value : throw new FormatException(Usage);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
