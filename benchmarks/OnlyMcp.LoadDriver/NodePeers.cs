using System.Runtime.InteropServices;
using System.Text.Json;

namespace OnlyMcp.LoadDriver;

/// <summary>The packages of the tests' peers, and the Node among them.</summary>
internal static class NodePeers
{
    private static readonly string Packages = Path.Combine(Repository.Root, "OnlyMcp.Tests", "Peers", "node_modules");

    private static readonly string NodePackage =
        (OperatingSystem.IsWindows() ? "node-win-" : OperatingSystem.IsMacOS() ? "node-darwin-" : "node-linux-")
        + (RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    public static string Executable { get; } =
        Path.Combine(Packages, NodePackage, "bin", OperatingSystem.IsWindows() ? "node.exe" : "node");

    public static string NodeVersion => Version(NodePackage);

    /// <summary>The version of a package that is installed.</summary>
    public static string Version(string package)
    {
        var file = Path.Combine(Packages, package, "package.json");
        if (!File.Exists(file))
            return "missing";

        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return json.RootElement.GetProperty("version").GetString()!;
    }
}
