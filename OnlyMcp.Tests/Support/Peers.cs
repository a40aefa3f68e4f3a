using System.Runtime.InteropServices;
using System.Text.Json;

namespace OnlyMcp.Tests.Support;

/// <summary>Programs by others that OnlyMcp talks to in tests. Peers/README.md says what each can do.</summary>
/// <remarks>Whatever starts a peer skips the test where peers are not installed (see <see cref="Requirement"/>).</remarks>
public static class Peers
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "OnlyMcp.Tests", "Peers");

    private static readonly Lazy<string?> FoundNode = new(FindNode);

    private static readonly Lazy<string?> Absent = new(FindAbsent);

    /// <summary>Skips the test, or fails it where everything is required, if peers cannot run on this machine.</summary>
    public static void Require()
    {
        if (Absent.Value is { } absent)
            Requirement.Missing($"The peers are not installed as package.json names them ({absent} is missing): run OnlyMcp.Tests/Peers/install.sh.");
        if (FoundNode.Value is null)
            Requirement.Missing("Node 22 or later is neither among the installed peers nor on the PATH.");
    }

    /// <summary>The command line that starts a script or a package's program with Node.</summary>
    public static string[] Command(string script, params string[] arguments)
    {
        Require();
        return [FoundNode.Value!, Path.Combine(Folder, script), .. arguments];
    }

    /// <summary>Runs <c>ts-client-v1.mjs</c> or <c>ts-client-v2.mjs</c> and returns its report; throws what it said where it failed.</summary>
    public static async Task<JsonElement> RunClientAsync(string script, params string[] arguments)
    {
        ChildResult result = await ChildProcess.RunAsync(Command(script, arguments));
        if (result.ExitCode != 0)
            throw new PeerFailedException($"{script} {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Errors}");
        return JsonElement.Parse(result.Output);
    }

    /// <summary>Starts <c>ts-server-v1.mjs</c> or <c>ts-server-v2.mjs</c> over <c>http</c> or <c>sse</c>.</summary>
    public static async Task<ServerPeer> StartServerAsync(string script, string transport)
    {
        ChildProcess child = ChildProcess.Start(Command(script, transport));
        string line = await child.ReadLineAsync();
        return new ServerPeer(child, new Uri(line.Replace("listening ", "", StringComparison.Ordinal)));
    }

    /// <summary>A package that is not there in its version; null if all are.</summary>
    private static string? FindAbsent() => Read(Path.Combine(Folder, "package.json")).GetProperty("dependencies").EnumerateObject()
        .Where(package => VersionOf(package.Name) != package.Value.GetString())
        .Select(package => $"{package.Name} {package.Value}")
        .FirstOrDefault();

    private static string? VersionOf(string package)
    {
        string file = Path.Combine(Folder, "node_modules", package, "package.json");
        return File.Exists(file) ? Read(file).GetProperty("version").GetString() : null;
    }

    private static JsonElement Read(string file) => JsonElement.Parse(File.ReadAllBytes(file));

    private static string? FindNode()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        string architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        string program = OperatingSystem.IsWindows() ? "node.exe" : "node";
        string installed = Path.Combine(Folder, "node_modules", $"node-{system}-{architecture}", "bin", program);
        if (File.Exists(installed))
            return installed;

        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return path.Select(folder => Path.Combine(folder, program)).FirstOrDefault(node => File.Exists(node) && IsRecent(node));
    }

    private static bool IsRecent(string node)
    {
        ChildResult version = ChildProcess.RunAsync([node, "--version"]).GetAwaiter().GetResult();
        return Version.TryParse(version.Output.Trim().TrimStart('v'), out Version? found) && found.Major >= 22;
    }
}

/// <summary>A peer that listens over HTTP until it is disposed.</summary>
public sealed record ServerPeer(ChildProcess Process, Uri Url) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Process.DisposeAsync();
}

/// <summary>A peer ended with an error, which the message quotes.</summary>
public sealed class PeerFailedException(string message) : Exception(message);
