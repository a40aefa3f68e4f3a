using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Client.Eras;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>The same conversations with the arrows turned: the server is played, and our client must send what its lines say.</summary>
public sealed class TurnedTranscriptTests
{
    // Since 2026-07-28 our client asks what the server is before anything else; some transcripts begin with that.
    private const string Everything = """
        {"supportedVersions":["2026-07-28"],"capabilities":{"logging":{},"completions":{},"prompts":{},"resources":{"subscribe":true},"tools":{"listChanged":true},"extensions":{"...":{}}},"resultType":"complete","ttlMs":0,"cacheScope":"private"}
        """;

    private static IEnumerable<TestCaseData> Sent => Cases(_ => true);

    private static IEnumerable<TestCaseData> SentOverHttp => Cases(transcript => !transcript.IsForPipes && KnownRevisions.Find(transcript.Revision)!.HasStreamableHttp);

    [TestCaseSource(nameof(Sent))]
    public async Task Over_a_pipe_the_client_sends_what_the_transcript_says(object given)
    {
        await using var line = new PlayedPipeLine();
        await RunAsync((Transcript)given, line, options => McpClient.ConnectAsync(line.Pipe.Transport, options));
    }

    [TestCaseSource(nameof(SentOverHttp))]
    public async Task Over_http_the_client_sends_what_the_transcript_says(object given)
    {
        await using var line = new PlayedHttpLine();
        await RunAsync((Transcript)given, line, options => McpClient.ConnectAsync(line.Url, options));
    }

    [Test]
    public void Every_transcript_has_a_script_or_a_reason_and_nothing_else_has()
    {
        var names = Transcript.All.Select(transcript => transcript.Name).Distinct();

        ClientScripts.All.Keys.Concat(ClientScripts.NeverSent.Keys).Should().BeEquivalentTo(names);
    }

    private static async Task RunAsync(Transcript transcript, IPlayedLine line, Func<McpClientOptions, Task<McpClient>> connect)
    {
        IReadOnlyList<Turn> turns;
        await using (var real = PlayedPipeClient.InMemory(transcript))
            turns = await TranscriptPlay.RunAsync(transcript, real);

        var playing = PlayAsync(transcript, turns, line);
        var running = RunAsync(transcript, connect);

        // Whichever fails first says why; the other would wait for it.
        await await Task.WhenAny(playing, running);
        await Task.WhenAll(playing, running).WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task PlayAsync(Transcript transcript, IReadOnlyList<Turn> turns, IPlayedLine line)
    {
        if (KnownRevisions.Find(transcript.Revision)!.Era == Era.Modern && MethodOf(turns[0]) != Methods.ServerDiscover)
        {
            var extension = transcript.Name.StartsWith("task", StringComparison.Ordinal) ? TasksExtension.Id : "com.example/none";
            var question = await line.NextAsync();
            question.GetProperty("method").GetString().Should().Be("server/discover");
            await line.SendAsync($$"""{"jsonrpc":"2.0","id":{{question.GetProperty("id").GetRawText()}},"result":{{Everything.Replace("...", extension)}}}""");
        }

        await new PlayedServer(turns, line).PlayAsync();
    }

    private static string? MethodOf(Turn turn) => (string?)JsonNode.Parse(turn.Sent)!["method"];

    private static async Task RunAsync(Transcript transcript, Func<McpClientOptions, Task<McpClient>> connect)
    {
        var script = ClientScripts.All[transcript.Name];
        await using var client = await connect(script.Options(new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "transcript", Version = "1.0.0" },
            Revision = KnownRevisions.Find(transcript.Revision),
            EraVerdicts = new EraVerdicts(),
        }));
        await script.RunAsync(client);
    }

    private static IEnumerable<TestCaseData> Cases(Func<Transcript, bool> carried) => Transcript.All
        .Where(transcript => !ClientScripts.NeverSent.ContainsKey(transcript.Name) && carried(transcript))
        .Select(transcript => new TestCaseData(transcript).SetArgDisplayNames(transcript.ToString()));
}
