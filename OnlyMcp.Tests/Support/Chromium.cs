namespace OnlyMcp.Tests.Support;

/// <summary>The browser of this machine, where it has one.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>Where it is; skips the test, or fails it where everything is required, if it is nowhere.</summary>
    public static string Require()
    {
        Peers.Require();
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists) is { } program)
            return program;

        Requirement.Missing("No Chromium is on the PATH.");
        return "";
    }
}
