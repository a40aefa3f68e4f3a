using System.Globalization;
using System.Text.RegularExpressions;

namespace OnlyMcp.Tests.House.Conformance;

/// <summary>
/// The MUSTs of the specification, from Conformance/musts: a file for each revision and extension, and one for the gaps. A line of a
/// revision's file is "page §heading", "1 server: the rule in our words", or "1 = 2026-07-28 page §heading 2" where a newer revision, an
/// extension, or a page above has the same rule.
/// </summary>
internal static partial class MustIndex
{
    public static readonly string Folder = Path.Combine(SourceTree.Root, "OnlyMcp.Tests", "Conformance", "musts");

    private static readonly string[] Sides = ["server", "client", "both", "authorization server", "other"];

    /// <summary>All of them in the order of the pages, the extensions and then the newest revision first.</summary>
    public static IReadOnlyList<Must> All => field ??= Read();

    /// <summary>Those that no test shows, and why.</summary>
    public static IReadOnlyList<MustGap> Gaps => field ??= File.ReadLines(Path.Combine(Folder, "gaps.tsv")).SelectMany(GapsIn).ToArray();

    private static Must[] Read()
    {
        var musts = new Dictionary<MustPlace, Must>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.txt").OrderDescending(StringComparer.Ordinal))
        {
            foreach (var must in Parse(Path.GetFileNameWithoutExtension(file), File.ReadLines(file), musts))
                musts.Add(must.Place, must);
        }

        return [.. musts.Values];
    }

    /// <summary>The MUSTs of one revision's file; those of newer revisions, which its lines may name, are known already.</summary>
    public static IEnumerable<Must> Parse(string revision, IEnumerable<string> lines, IReadOnlyDictionary<MustPlace, Must> known)
    {
        var citation = "";
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            if (Own().Match(line) is { Success: true } own && Sides.Contains(own.Groups["binds"].Value))
            {
                var place = new MustPlace(citation, Number(own));
                yield return new Must(place, own.Groups["binds"].Value, own.Groups["words"].Value, place);
            }
            else if (Reference().Match(line) is { Success: true } same)
            {
                var newer = known[PlaceIn(same.Groups["place"].Value)];
                yield return newer with { Place = new MustPlace(citation, Number(same)) };
            }
            else
            {
                citation = Heading().IsMatch(line) ? $"{revision} {line}" : throw new FormatException($"{revision}: neither a heading nor a MUST: {line}");
            }
        }
    }

    /// <summary>The place that "2026-07-28 server/tools §Error Handling 2" names.</summary>
    public static MustPlace PlaceIn(string text)
    {
        var end = text.LastIndexOf(' ');
        return new MustPlace(text[..end], int.Parse(text[(end + 1)..], CultureInfo.InvariantCulture));
    }

    // citation, ordinals, reason, words
    private static IEnumerable<MustGap> GapsIn(string line)
    {
        var cells = line.Split('\t');
        return cells.Length == 4
            ? cells[1].Split(' ').Select(ordinal => new MustGap(PlaceIn($"{cells[0]} {ordinal}"), cells[2], cells[3]))
            : throw new FormatException($"A gap has four cells with tabs between them: {line}");
    }

    private static int Number(Match line) => int.Parse(line.Groups["ordinal"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ *(?<ordinal>\d+) (?<binds>[\w ]+): (?<words>.+)$")]
    private static partial Regex Own();

    [GeneratedRegex(@"^ *(?<ordinal>\d+) = (?<place>.+ \d+)$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[a-z/-]+( §.+)?$")]
    private static partial Regex Heading();
}
