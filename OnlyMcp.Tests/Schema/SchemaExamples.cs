using System.Runtime.CompilerServices;

namespace OnlyMcp.Tests.Schema;

/// <summary>The specification's example messages, which lie outside the repository.</summary>
internal static class SchemaExamples
{
    public static IReadOnlyList<string> Files(string revision, string type)
    {
        string folder = Path.Combine(Folder(), "spec", revision, "examples", type);
        if (!Directory.Exists(folder)) return Missing(folder);
        return [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)];
    }

    private static string Folder([CallerFilePath] string thisFile = "")
    {
        string? configured = Environment.GetEnvironmentVariable("ONLYMCP_TEST_DATA");
        if (!string.IsNullOrEmpty(configured)) return configured;

        DirectoryInfo? repository = new(Path.GetDirectoryName(thisFile)!);
        while (repository is not null && !File.Exists(Path.Combine(repository.FullName, "OnlyMcp.sln"))) repository = repository.Parent;
        return Path.Combine(repository?.Parent?.FullName ?? ".", "shared", "data");
    }

    private static string[] Missing(string folder)
    {
        string reason = $"The specification's examples are not at {folder}; set ONLYMCP_TEST_DATA to the folder that holds spec/.";
        if (Environment.GetEnvironmentVariable("ONLYMCP_REQUIRE_ALL") == "1") Assert.Fail(reason);
        Assert.Ignore(reason);
        return [];
    }
}
