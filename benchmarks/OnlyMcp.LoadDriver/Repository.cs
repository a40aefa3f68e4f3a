namespace OnlyMcp.LoadDriver;

/// <summary>Where this program's sources lie: the peers' packages and the results are found from there.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find() =>
        Above(AppContext.BaseDirectory) ?? Above(Environment.CurrentDirectory)
        ?? throw new InvalidOperationException("No folder above this program holds OnlyMcp.sln. Run it from its repository.");

    private static string? Above(string path)
    {
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OnlyMcp.sln")))
                return folder.FullName;
        }

        return null;
    }
}
