namespace OnlyMcp.Tests.Support;

/// <summary>Test data that is not ours and therefore not in the repository: the specification's examples, the JSON Schema test suite.</summary>
internal static class TestData
{
    private const string Location = "ONLYMCP_TEST_DATA";

    private static string Root =>
        Environment.GetEnvironmentVariable(Location) ?? Path.Combine(RepositoryFolder.Path, "..", "shared", "data");

    /// <summary>The folder of that name. Where it is missing the running test is ignored, or fails if everything is required.</summary>
    public static string Folder(string name)
    {
        var folder = Path.Combine(Root, name);
        if (!Directory.Exists(folder))
            Requirement.Missing($"There is no {name} in the test data: set {Location} to the folder that holds it.");
        return folder;
    }

    /// <summary>Every heading of the specification's pages, and of those of the extensions, a line each.</summary>
    public static string[] SpecificationHeadings()
    {
        var file = Path.Combine(Root, "..", "reference", "spec-index.txt");
        if (!File.Exists(file))
            Requirement.Missing($"There is no index of the specification's headings beside the test data: set {Location}.");
        return [.. File.ReadAllLines(file), .. ExtensionHeadings()];
    }

    // The index knows the pages of the specification alone. An extension's file of MUSTs therefore names all headings of its page.
    private static IEnumerable<string> ExtensionHeadings() =>
        from file in Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "OnlyMcp.Tests", "Conformance", "musts"), "ext-*.txt")
        from line in File.ReadLines(file)
        where line.Contains(" §", StringComparison.Ordinal) && !line.StartsWith(' ')
        select $"{Path.GetFileNameWithoutExtension(file)} {line}";
}
