using System.Globalization;
using System.Text.RegularExpressions;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>One conversation from a file: what the client sends, and what it causes.</summary>
internal sealed partial record Transcript(string Revision, string Name, IReadOnlyList<Turn> Turns)
{
    public static IEnumerable<Transcript> All => Directory
        .EnumerateFiles(Path.Combine(Support.RepositoryFolder.Path, "OnlyMcp.Tests", "Transcripts"), "*.transcript", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(Read);

    /// <summary>What it shows: its lines "# Spec:", a heading and, after commas, the numbers of MUSTs.</summary>
    public IReadOnlyList<(string Heading, int[] Musts)> Cited { get; init; } = [];

    /// <summary>Whether no other transport carries it: its comment begins with "Over a pipe alone".</summary>
    public bool IsForPipes { get; init; }

    public override string ToString() => $"{Revision}/{Name}";

    private static Transcript Read(string path)
    {
        var turns = new List<Turn>();
        Dictionary<string, string> headers = [];
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0))
        {
            if (Header().Match(line) is { Success: true } header)
                headers[header.Groups["name"].Value] = header.Groups["value"].Value;
            else if (line[0] == '#')
                continue;
            else if (line.StartsWith("--> ", StringComparison.Ordinal))
                (turns, headers) = ([.. turns, new Turn(line[4..], []) { Headers = headers }], []);
            else if (line.StartsWith("<-- ", StringComparison.Ordinal) && turns.Count > 0)
                turns[^1].Received.Add(line[4..]);
            else
                throw new FormatException($"{path}: a line begins with '--> ', '<-- ' or '#': {line}");
        }

        return new Transcript(Path.GetFileName(Path.GetDirectoryName(path))!, Path.GetFileNameWithoutExtension(path), turns)
        {
            IsForPipes = File.ReadLines(path).Any(line => line.StartsWith("# Over a pipe alone", StringComparison.Ordinal)),
            Cited = [.. File.ReadLines(path).Select(line => Citation().Match(line)).Where(match => match.Success).Select(Read)],
        };
    }

    private static (string Heading, int[] Musts) Read(Match citation) =>
        (citation.Groups["heading"].Value, [.. citation.Groups["must"].Captures.Select(must => int.Parse(must.Value, CultureInfo.InvariantCulture))]);

    [GeneratedRegex(@"^# Spec: (?<heading>.+?)(, (?<must>\d+))*$")]
    private static partial Regex Citation();

    [GeneratedRegex(@"^# Over HTTP: (?<name>Mcp-Param-\S+): (?<value>.*)$")]
    private static partial Regex Header();
}

/// <param name="Sent">The client's message.</param>
/// <param name="Received">What comes back because of it, in order.</param>
internal sealed record Turn(string Sent, List<string> Received)
{
    /// <summary>What of it stands in the request's headers too, where it is sent over HTTP: its lines "# Over HTTP:".</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
