namespace OnlyMcp.Tests.House;

/// <summary>A rule about source files: what in a file breaks it. A pure function, so that each rule can be shown a file that breaks it.</summary>
internal delegate IEnumerable<string> Rule(SourceFile file);

internal static class Rules
{
    public static void ShouldHold(this Rule rule, IEnumerable<SourceFile> files, string because)
    {
        var broken = files.SelectMany(file => rule(file).Select(what => $"{file.Path}: {what}")).ToArray();
        broken.Should().BeEmpty(because);
    }

    /// <summary>Shows that the rule sees what it forbids: a rule that cannot fail says nothing.</summary>
    public static void ShouldCatch(this Rule rule, string path, string text) =>
        rule(new SourceFile(path, text)).Should().NotBeEmpty($"the rule must see what is wrong with {path}");
}
