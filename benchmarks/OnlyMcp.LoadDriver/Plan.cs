using System.Globalization;

namespace OnlyMcp.LoadDriver;

/// <summary>What is measured, how often and how long, as the command line says.</summary>
internal sealed record Plan
{
    private int? rounds;
    private TimeSpan? span;

    /// <summary>The names of the sections that were asked for; empty for all that run unasked.</summary>
    public IReadOnlyList<string> Sections { get; private init; } = [];

    public Pace Pace { get; init; }

    public int Rounds => RoundsOr(full: 7, quick: 3);

    /// <summary>How long a server is called in a round.</summary>
    public TimeSpan Span => span ?? TimeSpan.FromSeconds(Pick(full: 1.5, quick: 0.4, smoke: 0.1));

    /// <summary>How long a server is called before anything counts: until then its code is being compiled, and compiled again.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Pick(full: 6, quick: 0.8, smoke: 0.1));

    /// <summary>How long a soak lasts.</summary>
    public double Minutes { get; private init; } = 10;

    /// <summary>A part of the names of the cases to run; empty for all.</summary>
    public string Case { get; private init; } = "";

    /// <summary>Who is to be measured; empty for all.</summary>
    public IReadOnlyList<string> Only { get; private init; } = [];

    /// <summary>Whether all of a section runs, so that its results may stand for the section.</summary>
    public bool IsWhole => Pace != Pace.Smoke && Case.Length == 0 && Only.Count == 0;

    public static string Usage =>
        $"Arguments: report, or [{string.Join("] [", Section.All.Select(section => section.Name))}] [--quick | --smoke] "
        + $"[--case PART_OF_A_NAME] [--only {string.Join(',', Contenders.All)}] [--rounds 7] [--seconds 1.5] [--minutes 10]";

    /// <summary>How many rounds a section takes that needs another number, if the command line does not say.</summary>
    public int RoundsOr(int full, int quick) => rounds ?? Pick(full, quick, smoke: 1);

    /// <summary>The same with rounds that are fewer and shorter: for a section with many cases.</summary>
    public Plan Briefly() => this with { rounds = Math.Min(Rounds, 3), span = Span / 2 };

    /// <summary>A count or length for each pace.</summary>
    public T Pick<T>(T full, T quick, T smoke) => Pace switch
    {
        Pace.Full => full,
        Pace.Quick => quick,
        _ => smoke,
    };

    public bool HasSection(Section section) => Sections.Count == 0 ? section.Unasked : Sections.Contains(section.Name);

    public bool HasCase(string name) => name.Contains(Case, StringComparison.OrdinalIgnoreCase);

    public bool HasContender(string name) => Only.Count == 0 || Only.Contains(name);

    /// <exception cref="CommandLineException">The command line says something else.</exception>
    public static Plan Parse(IEnumerable<string> args)
    {
        var words = new Queue<string>(args);
        var plan = new Plan();
        while (words.TryDequeue(out var word))
        {
            plan = word switch
            {
                "--quick" => plan with { Pace = Pace.Quick },
                "--smoke" => plan with { Pace = Pace.Smoke },
                "--case" => plan with { Case = Value(word, words) },
                "--only" => plan with { Only = [.. Value(word, words).Split(',').Select(Contender)] },
                "--rounds" => plan with { rounds = Count(word, words) },
                "--seconds" => plan with { span = TimeSpan.FromSeconds(Number(word, words)) },
                "--minutes" => plan with { Minutes = Number(word, words) },
                _ when Section.All.Any(section => section.Name == word) => plan with { Sections = [.. plan.Sections, word] },
                _ => throw new CommandLineException($"'{word}' is unknown."),
            };
        }

        return plan;
    }

    private static string Contender(string name) =>
        Contenders.All.Contains(name) ? name : throw new CommandLineException($"Nobody who is measured is called '{name}'.");

    private static int Count(string word, Queue<string> words) =>
        Number(word, words) is var number && number == Math.Floor(number)
            ? (int)number
            : throw new CommandLineException($"{word} takes a whole number.");

    private static double Number(string word, Queue<string> words) =>
        double.TryParse(Value(word, words), CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100_000
            ? number
            : throw new CommandLineException($"{word} takes a number above 0.");

    private static string Value(string word, Queue<string> words) =>
        words.TryDequeue(out var value) ? value : throw new CommandLineException($"{word} lacks its value.");
}
