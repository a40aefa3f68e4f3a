using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OnlyMcp.Tests.Support;

/// <summary>The official conformance suite, run against a server or a client of ours.</summary>
public static partial class ConformanceSuite
{
    private const string Script = "node_modules/@modelcontextprotocol/conformance/dist/index.js";

    // Above the suite's own limits of 30 seconds a scenario, so that the suite says what was too slow.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>What starts the server that the suite tests; it prints its address.</summary>
    public static string[] Server => Programs.CommandOf("OnlyMcp.Tests/Conformance/Server/ConformanceServer.csproj");

    /// <summary>What starts the client that the suite tests.</summary>
    public static string[] Client => Programs.CommandOf("OnlyMcp.Tests/Conformance/Client/ConformanceClient.csproj");

    /// <summary>Runs one scenario against a server; about a second, most of it Node's start. Those of extensions want <c>--force</c>.</summary>
    public static async Task<ScenarioResult> RunServerScenario(Uri url, string scenario, string specVersion, params string[] more) =>
        One(scenario, await RunAsync(["server", "--url", url.AbsoluteUri, "--scenario", scenario, "--spec-version", specVersion, .. more]));

    /// <summary>Runs one scenario against a client: the suite appends the URL of its own server to the command.</summary>
    public static async Task<ScenarioResult> RunClientScenario(string[] command, string scenario, string specVersion, params string[] more) =>
        One(scenario, await RunAsync(["client", "--command", Quote(command), "--scenario", scenario, "--spec-version", specVersion, .. more]));

    /// <summary>Runs many scenarios in one process, for example <c>"--suite", "all", "--spec-version", "2025-11-25"</c>.</summary>
    public static async Task<IReadOnlyList<ScenarioResult>> RunServerScenarios(Uri url, params string[] selection) =>
        (await RunAsync(["server", "--url", url.AbsoluteUri, .. selection])).Results;

    /// <summary>Runs many scenarios against a client, all at the same time: on a small machine the client should queue behind a lock.</summary>
    public static async Task<IReadOnlyList<ScenarioResult>> RunClientScenarios(string[] command, params string[] selection) =>
        (await RunAsync(["client", "--command", Quote(command), "--timeout", "240000", .. selection])).Results;

    /// <summary>Runs the scenarios for authorization servers; <paramref name="signIn"/> is the person who is asked to open an address in the browser.</summary>
    public static async Task<IReadOnlyList<ScenarioResult>> RunAuthorizationScenarios(
        string issuer, string clientId, int port, string specVersion, Func<Uri, Task> signIn)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onlymcp-conformance-");
        try
        {
            await using ChildProcess suite = ChildProcess.Start(Peers.Command(
                Script, "authorization", "--url", issuer, "--client-id", clientId, "--port", port.ToString(CultureInfo.InvariantCulture),
                "--spec-version", specVersion, "-o", folder.FullName));
            Uri? authorization = null;
            for (bool listens = false; !listens || authorization is null;)
            {
                string line = await suite.ReadLineAsync();
                listens |= line.StartsWith("Callback server started", StringComparison.Ordinal);
                if (line.StartsWith(issuer, StringComparison.Ordinal))
                    authorization = new Uri(line);
            }

            await signIn(authorization);
            await suite.EndAsync();
            return [.. folder.EnumerateFiles("checks.json", SearchOption.AllDirectories).Select(file => Read(folder, file))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The scenarios for one side, <c>server</c> or <c>client</c>, that a revision has; without one all, those of extensions too.</summary>
    public static async Task<IReadOnlyList<string>> ListScenarios(string side, string? specVersion = null)
    {
        string[] version = specVersion is null ? [] : ["--spec-version", specVersion];
        ChildResult list = await ChildProcess.RunAsync(Peers.Command(Script, ["list", $"--{side}", .. version]));
        return [.. ListedScenario().Matches(list.Output).Select(match => match.Groups["name"].Value)];
    }

    private static async Task<(ChildResult Run, IReadOnlyList<ScenarioResult> Results)> RunAsync(string[] arguments)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onlymcp-conformance-");
        try
        {
            ChildResult run = await ChildProcess.RunAsync(Peers.Command(Script, [.. arguments, "-o", folder.FullName]), patience: Patience);
            return (run, [.. folder.EnumerateFiles("checks.json", SearchOption.AllDirectories).Select(file => Read(folder, file))]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ScenarioResult One(string scenario, (ChildResult Run, IReadOnlyList<ScenarioResult> Results) run) =>
        run.Results.SingleOrDefault() is { } result
            ? result with { ExitCode = run.Run.ExitCode }
            : throw new PeerFailedException($"The suite ran no scenario {scenario}:\n{run.Run.Output}\n{run.Run.Errors}");

    private static ScenarioResult Read(DirectoryInfo folder, FileInfo file)
    {
        string run = Path.GetRelativePath(folder.FullName, file.DirectoryName!).Replace('\\', '/');
        IEnumerable<ConformanceCheck> checks = JsonElement.Parse(File.ReadAllText(file.FullName)).EnumerateArray().Select(ConformanceCheck.Read);
        string clientErrors = Path.Combine(file.DirectoryName!, "stderr.txt");
        return new ScenarioResult(
            RunFolder().Match(run).Groups["name"].Value, [.. checks], File.Exists(clientErrors) ? File.ReadAllText(clientErrors) : "");
    }

    // The suite hands the command to a shell.
    private static string Quote(string[] command) => string.Join(' ', command.Select(Quote));

    private static string Quote(string word) => OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", @"'\''")}'";

    [GeneratedRegex(@"^(authorization-server-|server-)?(?<name>.+)-\d{4}-\d\d-\d\dT[^/]*$")]
    private static partial Regex RunFolder();

    [GeneratedRegex(@"^\s+- (?<name>\S+)", RegexOptions.Multiline)]
    private static partial Regex ListedScenario();
}
