namespace OnlyMcp.Tests.Support;

/// <summary>Test data that is not ours and therefore not in the repository: the specification's examples, the JSON Schema test suite.</summary>
internal static class TestData
{
    private const string Location = "ONLYMCP_TEST_DATA";
    private const string RequireAll = "ONLYMCP_REQUIRE_ALL";

    /// <summary>The folder of that name. Where it is missing the running test is ignored, or fails if everything is required.</summary>
    public static string Folder(string name)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable(Location) ?? BesideTheRepository(), name);
        if (Directory.Exists(folder))
            return folder;
        var reason = $"There is no {name} in the test data: set {Location} to the folder that holds it.";
        if (Environment.GetEnvironmentVariable(RequireAll) == "1")
            Assert.Fail(reason);
        Assert.Ignore(reason);
        return folder;
    }

    private static string BesideTheRepository()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "OnlyMcp.sln")))
            directory = directory.Parent;
        return Path.Combine(directory?.Parent?.FullName ?? "", "shared", "data");
    }
}
