namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class Spelling
{
    private const int LongestName = 64;
    private const int MostCompared = 200;

    /// <summary>The known name closest to the one that was written, or null if none is close: a third of its letters may differ.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > LongestName)
            return null;
        return known.Where(name => name.Length <= LongestName).Take(MostCompared)
            .Select(name => (Name: name, Distance: Distance(Normal(written), Normal(name))))
            .Where(candidate => candidate.Distance <= Math.Max(written.Length, candidate.Name.Length) / 3)
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault().Name;
    }

    // start_date, startDate and StartDate are one name in three fashions.
    private static string Normal(string name)
        => string.Concat(name.Where(c => c is not ('_' or '-' or ' '))).ToUpperInvariant();

    // How many letters must be put in, taken out or changed (Levenshtein), one row of the table at a time.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
