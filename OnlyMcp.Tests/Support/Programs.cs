namespace OnlyMcp.Tests.Support;

/// <summary>The programs of this repository that tests start: projects under Programs/ and samples/, built with the tests.</summary>
public static class Programs
{
    /// <summary>The command line that starts a program, for example <c>Programs.Command("CSharpSdkServer")</c>.</summary>
    public static string[] Command(string name, params string[] arguments) =>
        CommandOf(Path.Combine("OnlyMcp.Tests", "Programs", name, $"{name}.csproj"), arguments);

    /// <summary>The command line that starts what a project was built into; the project's path begins at the repository.</summary>
    public static string[] CommandOf(string project, params string[] arguments) => [Dotnet, Dll(project), .. arguments];

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static string Dll(string project)
    {
        // The tests stand in bin/CONFIGURATION/FRAMEWORK; every program has the same layout.
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string dll = Path.Combine(
            RepositoryFolder.Path, Path.GetDirectoryName(project)!, "bin", framework.Parent!.Name, framework.Name,
            $"{Path.GetFileNameWithoutExtension(project)}.dll");
        return File.Exists(dll) ? dll : throw new FileNotFoundException($"{project} is not built: {dll} does not exist.");
    }
}
