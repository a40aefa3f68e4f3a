using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "required": JSON Schema 2020-12 Validation §6.5.3.</summary>
internal sealed class RequiredCheck : Check
{
    private const int FewWords = 8;

    private readonly NameTable<string> names;

    private RequiredCheck(string path, IEnumerable<string> names) : base(path)
        => this.names = new NameTable<string>(names.Distinct().Select(name => KeyValuePair.Create(name, name)));

    private int Words => (names.Names.Count + 63) / 64;

    public static RequiredCheck? From(SchemaSource schema)
        => schema.TryFind("required", out var keyword) ? new RequiredCheck(keyword.Path, keyword.Names()) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;

        // One walk over the object and a bit for each name: asking for the names one by one would walk it as often as there are names.
        var seen = Words <= FewWords ? stackalloc ulong[FewWords] : new ulong[Words];
        seen.Clear();
        if (CountSeen(instance, seen, ref evaluation) == names.Names.Count)
            return true;
        if (evaluation.Errors is not null)
            ReportMissing(instance, seen, ref evaluation);
        return false;
    }

    private int CountSeen(JsonElement instance, Span<ulong> seen, ref Evaluation evaluation)
    {
        var count = 0;
        foreach (var member in instance.EnumerateObject())
        {
            if (!evaluation.Charge())
                return -1;
            var position = names.Find(JsonText.Utf8(member));
            if (position < 0 || IsSeen(seen, position))
                continue;
            seen[position >> 6] |= 1UL << (position & 63);
            count++;
        }

        return count;
    }

    private void ReportMissing(JsonElement instance, ReadOnlySpan<ulong> seen, ref Evaluation evaluation)
    {
        for (var position = 0; position < names.Names.Count && !evaluation.StopsAtFailure; position++)
        {
            if (!IsSeen(seen, position))
                evaluation.Report(Path, $"the required property {Wording.Quote(names.Names[position])}", instance);
        }
    }

    private static bool IsSeen(ReadOnlySpan<ulong> seen, int position) => (seen[position >> 6] & (1UL << (position & 63))) != 0;
}
