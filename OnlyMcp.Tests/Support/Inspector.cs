using System.Text.Json;

namespace OnlyMcp.Tests.Support;

/// <summary>The MCP Inspector's command line, one request per run.</summary>
public static class Inspector
{
    private const string Script = "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";

    /// <summary>Sends a request to a server that listens; <paramref name="transport"/> is <c>http</c> or <c>sse</c>.</summary>
    public static Task<InspectorAnswer> AskAsync(Uri url, string transport, params string[] request) =>
        RunAsync([url.AbsoluteUri, "--transport", transport, .. request]);

    /// <summary>Sends a request to a server that the Inspector starts itself.</summary>
    public static Task<InspectorAnswer> AskAsync(string[] command, params string[] request) =>
        RunAsync(["--transport", "stdio", .. request, "--", .. command]);

    private static async Task<InspectorAnswer> RunAsync(string[] arguments)
    {
        // It keeps settings in the home folder: a folder of its own keeps those of whoever runs the tests out of it.
        DirectoryInfo home = Directory.CreateTempSubdirectory("onlymcp-inspector-");
        try
        {
            ChildResult result = await ChildProcess.RunAsync(
                Peers.Command(Script, ["--cli", "--format", "json", "--quiet", .. arguments]),
                new Dictionary<string, string> { ["HOME"] = home.FullName, ["USERPROFILE"] = home.FullName });
            return new InspectorAnswer(result.ExitCode, result.Output, result.Errors);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}

/// <summary>What the Inspector printed: 0 and a result; 5 and perhaps a result for a tool's error; another code and an error.</summary>
public sealed record InspectorAnswer(int ExitCode, string Output, string Errors)
{
    /// <summary>The result of the request, as the server sent it.</summary>
    public JsonElement Result => Read(Output, "result");

    /// <summary>The Inspector's own description of a failure: <c>code</c> and <c>message</c>.</summary>
    public JsonElement Error => Read(Errors, "error");

    private JsonElement Read(string text, string member)
    {
        try
        {
            return JsonElement.Parse(text).GetProperty(member);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException)
        {
            throw new PeerFailedException($"The Inspector gave no {member} (exit code {ExitCode}).\n{Output}\n{Errors}");
        }
    }
}
