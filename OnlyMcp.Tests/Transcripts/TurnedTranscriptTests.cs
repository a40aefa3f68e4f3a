using OnlyMcp.Client;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>The same conversations with the arrows turned: the server is played, and our client must send what its lines say.</summary>
public sealed class TurnedTranscriptTests
{
    // Since 2026-07-28 our client asks what the server is before anything else; its transcript is "discover".
    private const string Everything = """
        {"supportedVersions":["2026-07-28"],"capabilities":{"logging":{},"completions":{},"prompts":{},"resources":{"subscribe":true},"tools":{"listChanged":true}},"resultType":"complete","ttlMs":0,"cacheScope":"private"}
        """;

    private static IEnumerable<TestCaseData> Sent => Transcript.All
        .Where(transcript => !ClientScripts.NeverSent.ContainsKey(transcript.Name))
        .Select(transcript => new TestCaseData(transcript).SetArgDisplayNames(transcript.ToString()));

    [TestCaseSource(nameof(Sent))]
    public async Task Over_a_pipe_the_client_sends_what_the_transcript_says(object given)
    {
        var transcript = (Transcript)given;
        var script = ClientScripts.All[transcript.Name];
        IReadOnlyList<Turn> turns;
        await using (var real = PlayedPipeClient.InMemory(transcript))
            turns = await TranscriptPlay.RunAsync(transcript, real);

        await using var pipe = new ScriptedPipe();
        var playing = PlayAsync(transcript, turns, pipe);
        var running = RunAsync(transcript, script, pipe);

        // Whichever fails first says why; the other would wait for it.
        await await Task.WhenAny(playing, running);
        await Task.WhenAll(playing, running).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Test]
    public void Every_transcript_has_a_script_or_a_reason_and_nothing_else_has()
    {
        var names = Transcript.All.Select(transcript => transcript.Name).Distinct();

        ClientScripts.All.Keys.Concat(ClientScripts.NeverSent.Keys).Should().BeEquivalentTo(names);
    }

    private static async Task PlayAsync(Transcript transcript, IReadOnlyList<Turn> turns, ScriptedPipe pipe)
    {
        if (KnownRevisions.Find(transcript.Revision)!.Era == Era.Modern && transcript.Name != "discover")
            await pipe.ResultAsync(await pipe.NextAsync("server/discover"), Everything.Trim());
        await new PlayedServer(turns, pipe).PlayAsync();
    }

    private static async Task RunAsync(Transcript transcript, ClientScript script, ScriptedPipe pipe)
    {
        var options = script.Options(new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "transcript", Version = "1.0.0" },
            Revision = KnownRevisions.Find(transcript.Revision),
        });
        await using var client = await McpClient.ConnectAsync(pipe.Transport, options);
        await script.RunAsync(client);
    }
}
