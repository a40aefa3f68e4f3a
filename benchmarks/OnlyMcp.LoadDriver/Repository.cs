namespace OnlyMcp.LoadDriver;

/// <summary>Where this program's sources lie: the peers' packages and the results are found from there.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OnlyMcp.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds OnlyMcp.sln. Run this program from its repository.");
    }
}
