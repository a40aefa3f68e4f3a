namespace OnlyMcp.Tests.Support;

/// <summary>The programs of this repository that tests start: each is a project under Programs/, built with the tests.</summary>
public static class Programs
{
    /// <summary>The command line that starts a program, for example <c>Programs.Command("CSharpSdkServer")</c>.</summary>
    public static string[] Command(string name, params string[] arguments) => [Dotnet, Dll(name), .. arguments];

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static string Dll(string name)
    {
        // The tests stand in bin/CONFIGURATION/FRAMEWORK; every program has the same layout.
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string dll = Path.Combine(
            RepositoryFolder.Path, "OnlyMcp.Tests", "Programs", name, "bin", framework.Parent!.Name, framework.Name, $"{name}.dll");
        return File.Exists(dll) ? dll : throw new FileNotFoundException($"{name} is not built: {dll} does not exist.");
    }
}
