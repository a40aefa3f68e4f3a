using System.Text.RegularExpressions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.House;

/// <summary>The repository's own files, for tests about the code itself.</summary>
internal static partial class SourceTree
{
    public static string Root => RepositoryFolder.Path;

    public static IEnumerable<SourceFile> Libraries => In("OnlyMcp.Protocol", "OnlyMcp.Server", "OnlyMcp.Client");

    public static IEnumerable<SourceFile> Everything => In("OnlyMcp.Protocol", "OnlyMcp.Server", "OnlyMcp.Client", "OnlyMcp.Tests", "samples", "benchmarks");

    public static IEnumerable<SourceFile> In(params string[] folders) => folders
        .Select(folder => Path.Combine(Root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(path => !BuildOutput().IsMatch(path))
        .Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path)));

    /// <summary>All text files that a reader of the repository meets.</summary>
    public static IEnumerable<SourceFile> Texts => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Where(path => !BuildOutput().IsMatch(path) && TextFile().IsMatch(path))
        .Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path)));

    [GeneratedRegex(@"[\\/](bin|obj|node_modules|\.git|TestResults|artifacts|BenchmarkDotNet\.Artifacts)[\\/]")]
    private static partial Regex BuildOutput();

    [GeneratedRegex(@"\.(cs|md|json|csproj|props|targets|sln|sh|mjs|js|txt|yml|editorconfig)$|[\\/]\.ci[\\/]run$")]
    private static partial Regex TextFile();
}

/// <param name="Path">Relative to the repository, with forward slashes.</param>
/// <param name="Text">The whole text.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>The text with comments blanked out, line for line.</summary>
    public string Code => Comment().Replace(Text, comment => comment.Value.StartsWith('/') ? LineBreaksOf(comment.Value) : comment.Value);

    /// <summary>The text without comments, and with strings emptied: what the compiler binds.</summary>
    public string CodeWithoutStrings => Comment().Replace(Text, token => token.Value.StartsWith('/') ? LineBreaksOf(token.Value) : "\"\"");

    /// <summary>The comments alone.</summary>
    public string Comments => string.Join('\n', Comment().Matches(Text).Select(match => match.Value).Where(text => text.StartsWith('/')));

    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal) || Path.Contains("/" + folder + "/", StringComparison.Ordinal);

    private static string LineBreaksOf(string text) => new('\n', text.Count(character => character == '\n'));

    // Strings come first, so that a '//' inside one (an address) begins no comment.
    [GeneratedRegex(""""
        """[\s\S]*?"""|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*[\s\S]*?\*/
        """", RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Comment();
}
