using System.Text.Json;

namespace OnlyMcp.Tests.Support;

/// <summary>The browser of this machine, with an empty profile. It does one thing at a time, and tells what it sees (browser.mjs).</summary>
internal sealed class Chromium : IAsyncDisposable
{
    /// <summary>Names the program where it has another name, or lies in no folder of PATH.</summary>
    private const string Variable = "ONLYMCP_CHROMIUM";

    private static readonly string[] Names =
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe", "msedge.exe"];

    private readonly ChildProcess process;
    private readonly SemaphoreSlim turn = new(1);

    private Chromium(ChildProcess process) => this.process = process;

    /// <summary>Starts it; skips the test, or fails it where everything is required, if this machine has none.</summary>
    /// <param name="runsScript">Whether pages may run any.</param>
    public static Chromium Open(bool runsScript = true)
    {
        Peers.Require();
        if (Find() is not { } program)
        {
            Requirement.Missing($"There is no Chromium on the PATH, and {Variable} names none.");
            throw new InvalidOperationException();
        }

        return new Chromium(ChildProcess.Start(Peers.Command("browser.mjs", [program, .. runsScript ? [] : new[] { "--without-script" }])));
    }

    /// <summary>Opens an address.</summary>
    public Task<SeenPage> VisitAsync(Uri address) => DoAsync<SeenPage>(new { @do = "visit", address });

    /// <summary>Asks for the page once more.</summary>
    public Task<SeenPage> ReloadAsync() => DoAsync<SeenPage>(new { @do = "reload" });

    /// <summary>Writes into the fields that have these labels, and presses a button; without one, the Enter key.</summary>
    public Task<SeenPage> PressAsync(string? button, params (string Label, string Text)[] fields) =>
        DoAsync<SeenPage>(new { @do = "press", button, fields = fields.ToDictionary(field => field.Label, field => field.Text) });

    /// <summary>How the page looks in light, in dark, and on a narrow screen.</summary>
    public Task<Dictionary<string, Look>> JudgeAsync() => DoAsync<Dictionary<string, Look>>(new { @do = "judge" });

    /// <summary>Saves a picture of the page as it looks in light, in dark or on a narrow screen.</summary>
    public Task PhotographAsync(string path, string look = "light") => DoAsync<JsonElement>(new { @do = "photograph", path, look });

    public async ValueTask DisposeAsync()
    {
        try
        {
            await process.WriteAndCloseAsync("");
            await process.EndAsync();
        }
        catch (IOException)
        {
            // It has ended already; whoever waited for it has been told why.
        }
        finally
        {
            await process.DisposeAsync();
            turn.Dispose();
        }
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return named;

        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .Append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
            .FirstOrDefault(File.Exists);
    }

    private async Task<T> DoAsync<T>(object wish)
    {
        await turn.WaitAsync();
        try
        {
            await process.WriteLineAsync(JsonSerializer.Serialize(wish));
            var answer = JsonElement.Parse(await process.ReadLineAsync());
            return answer.TryGetProperty("error", out var error)
                ? throw new PeerFailedException($"The browser cannot do {JsonSerializer.Serialize(wish)}: {error}")
                : answer.Deserialize<T>(JsonSerializerOptions.Web)!;
        }
        finally
        {
            turn.Release();
        }
    }
}

/// <summary>A page at which the browser ended up.</summary>
/// <param name="Url">Its address without the query.</param>
/// <param name="Status">What it came with; null if nothing came.</param>
/// <param name="Headers">In lower case.</param>
/// <param name="Title">What the window says.</param>
/// <param name="Headings">Of the first and second rank.</param>
/// <param name="Text">All that can be read.</param>
/// <param name="Alerts">What is read out at once to those who do not see it.</param>
/// <param name="Fields">The labels of what can be filled in.</param>
/// <param name="Buttons">What can be pressed.</param>
/// <param name="Focus">The label of what the keyboard writes into.</param>
/// <param name="Frames">What stands in frames: where each was to come from, and what the browser let it show.</param>
/// <param name="Steps">The documents on the way: verb, status, address.</param>
/// <param name="Complaints">What the console complained of.</param>
/// <param name="Violations">What a content security policy forbade.</param>
/// <param name="Failures">The requests that got no answer.</param>
internal sealed record SeenPage(
    string Url, int? Status, Dictionary<string, string> Headers, string Title, string[] Headings, string Text, string[] Alerts,
    string[] Fields, string[] Buttons, string Focus, string[] Frames, string[] Steps, string[] Complaints, string[] Violations,
    string[] Failures);

/// <summary>How a page looks.</summary>
/// <param name="Contrast">The lowest of any text against what is behind it: 21 at most, 4.5 is enough.</param>
/// <param name="Text">The text that has it.</param>
/// <param name="Overflows">Whether it is wider than the screen.</param>
/// <param name="Reached">What the Tab key reaches.</param>
internal sealed record Look(double Contrast, string Text, bool Overflows, Stop[] Reached);

/// <summary>What the Tab key reaches.</summary>
/// <param name="Name">Its label.</param>
/// <param name="Outlined">Whether one sees it.</param>
internal sealed record Stop(string Name, bool Outlined);
