using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>Replays each conversation against a server, over every transport that its revision has.</summary>
public sealed class TranscriptTests
{
    private static IEnumerable<TestCaseData> All => Cases(_ => true);

    private static IEnumerable<TestCaseData> OverHttp => Cases(transcript => !transcript.IsForPipes && HasStreamableHttp(transcript));

    private static IEnumerable<TestCaseData> OverSse => Cases(transcript => !transcript.IsForPipes && !HasStreamableHttp(transcript));

    [TestCaseSource(nameof(All))]
    public async Task Over_a_pipe_the_server_answers_as_the_transcript_says(object transcript) =>
        await ReplayAsync(transcript, PlayedPipeClient.InMemory((Transcript)transcript));

    [TestCaseSource(nameof(All))]
    public async Task Over_stdio_the_server_answers_as_the_transcript_says(object transcript) =>
        await ReplayAsync(transcript, PlayedPipeClient.OverStdio((Transcript)transcript));

    [TestCaseSource(nameof(OverHttp))]
    public async Task Over_http_the_server_answers_as_the_transcript_says(object transcript) =>
        await ReplayAsync(transcript, await PlayedHttpClient.ConnectAsync((Transcript)transcript));

    [TestCaseSource(nameof(OverSse))]
    public async Task Over_http_with_sse_the_server_answers_as_the_transcript_says(object transcript) =>
        await ReplayAsync(transcript, await PlayedSseClient.ConnectAsync((Transcript)transcript));

    private static bool HasStreamableHttp(Transcript transcript) => KnownRevisions.Find(transcript.Revision)!.HasStreamableHttp;

    private static async Task ReplayAsync(object transcript, PlayedClient client)
    {
        await using (client)
            await TranscriptPlay.RunAsync((Transcript)transcript, client);
    }

    private static IEnumerable<TestCaseData> Cases(Func<Transcript, bool> carried) =>
        Transcript.All.Where(carried).Select(transcript => new TestCaseData(transcript).SetArgDisplayNames(transcript.ToString()));
}
