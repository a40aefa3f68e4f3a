using System.Text.RegularExpressions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>What the comment at the head of a sample promises: a command, and what it prints.</summary>
internal sealed record SampleHeader(string Command, string Output)
{
    private const string Indent = "//   ";

    public static SampleHeader Of(string sample)
    {
        var head = File.ReadLines(Path.Combine(RepositoryFolder.Path, "samples", sample, "Program.cs"))
            .TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal)).ToList();
        var prints = head.FindIndex(line => line.StartsWith("// prints", StringComparison.Ordinal));
        prints.Should().BePositive("the header of {0} says what the sample prints", sample);
        return new SampleHeader(
            head.Take(prints).Last(line => line.StartsWith(Indent, StringComparison.Ordinal))[Indent.Length..],
            string.Join('\n', head.Skip(prints + 2).TakeWhile(line => line is "//" || line.StartsWith(Indent, StringComparison.Ordinal))
                .Select(line => line.Length > Indent.Length ? line[Indent.Length..] : "")).TrimEnd());
    }

    /// <summary>Whether a program printed that; "..." stands for anything.</summary>
    public bool IsTrueOf(string printed)
    {
        var pattern = Regex.Escape(Output).Replace(@"\.\.\.", ".*?", StringComparison.Ordinal);
        return Regex.IsMatch(printed.ReplaceLineEndings("\n").TrimEnd(), $"^{pattern}$", RegexOptions.Singleline);
    }
}
