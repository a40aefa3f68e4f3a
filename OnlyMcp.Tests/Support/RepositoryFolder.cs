namespace OnlyMcp.Tests.Support;

/// <summary>Where the solution lies, found from the folder that the tests run in.</summary>
public static class RepositoryFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "OnlyMcp.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"OnlyMcp.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
