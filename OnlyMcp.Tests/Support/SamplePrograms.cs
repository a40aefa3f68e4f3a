using System.Globalization;

namespace OnlyMcp.Tests.Support;

/// <summary>The programs under samples/, built with the tests.</summary>
public static class SamplePrograms
{
    public const string Hello = "00-hello";
    public const string Server = "01-calculator-and-weather-server";
    public const string Host = "02-host";
    public const string RawWire = "03-raw-wire";
    public const string LongJob = "04-long-job";
    public const string PersonalDb = "05-personal-db";
    public const string SignIn = "06-sign-in";

    /// <summary>The command line that starts a sample.</summary>
    public static string[] Command(string sample, params string[] arguments) => Programs.CommandOf(Project(sample), arguments);

    /// <summary>Runs a sample to its end.</summary>
    public static Task<ChildResult> RunAsync(string sample, params string[] arguments) => ChildProcess.RunAsync(Command(sample, arguments));

    /// <summary>Starts the calculator and weather server on a free port.</summary>
    public static Task<SampleServer> StartServerAsync(params string[] options) => ListenAsync(Command(Server, ["--port", "0", .. options]));

    /// <summary>Starts the server of the long job, on a free port unless one is named.</summary>
    public static Task<SampleServer> StartJobServerAsync(string folder, int port = 0) =>
        ListenAsync(Command(LongJob, "serve", "--tasks", folder, "--port", port.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Starts the personal database over a folder, on a free port unless one is named; its administrator gets this password.</summary>
    /// <param name="folder">Where its data is.</param>
    /// <param name="password">The password; null if it shall make one up.</param>
    /// <param name="port">The port; 0 for any.</param>
    /// <param name="under">The start of a command line that ends with that of the program.</param>
    public static Task<SampleServer> StartPersonalDbAsync(string folder, string? password, int port = 0, params string[] under) => ListenAsync(
        [.. under, .. Command(PersonalDb, "--data", folder, "--port", port.ToString(CultureInfo.InvariantCulture))],
        password is null ? null : new Dictionary<string, string> { ["PERSONAL_DB_PASSWORD"] = password });

    /// <summary>What a program is started with so that Ctrl+C reaches it even where a shell runs the tests in the background.</summary>
    public static string[] Interruptible => OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : [];

    private static async Task<SampleServer> ListenAsync(string[] command, IReadOnlyDictionary<string, string>? environment = null)
    {
        ChildProcess child = ChildProcess.Start([.. Interruptible, .. command], environment);
        List<string> lines = [];
        do
            lines.Add(await child.ReadLineAsync());
        while (!lines[^1].StartsWith("Server running at ", StringComparison.Ordinal));
        return new SampleServer(child, new Uri(lines[^1]["Server running at ".Length..]), lines);
    }

    private static string Project(string sample) => Path.GetRelativePath(
        RepositoryFolder.Path, Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "samples", sample), "*.csproj").Single());
}

/// <summary>The server of a sample, while it listens.</summary>
/// <param name="Process">The program.</param>
/// <param name="Root">Where it listens.</param>
/// <param name="StartUp">What it printed until then.</param>
public sealed record SampleServer(ChildProcess Process, Uri Root, IReadOnlyList<string> StartUp) : IAsyncDisposable
{
    public string At(string path) => new Uri(Root, path).AbsoluteUri;

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
