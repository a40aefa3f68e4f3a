using System.Text;
using OnlyMcp.Protocol.Testing;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>Replays each conversation against a server.</summary>
public sealed class TranscriptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static IEnumerable<TestCaseData> All => Transcript.All.Select(transcript => new TestCaseData(transcript).SetArgDisplayNames(transcript.ToString()));

    [TestCaseSource(nameof(All))]
    public async Task Over_a_pipe_the_server_answers_as_the_transcript_says(object given)
    {
        var transcript = (Transcript)given;
        var (client, served) = InMemoryPipe.Create();
        var serving = TranscriptServer.Make().ServeAsync(served, served);
        using var reader = new StreamReader(client, Encoding.UTF8, leaveOpen: true);

        foreach (var turn in transcript.Turns)
        {
            await client.WriteAsync(Encoding.UTF8.GetBytes(turn.Sent + "\n"));
            foreach (var expected in turn.Received)
                Compare(expected, await reader.ReadLineAsync().WaitAsync(Patience), turn);
        }

        await client.DisposeAsync();
        await serving.WaitAsync(Patience);
    }

    private static void Compare(string expected, string? received, Turn turn)
    {
        received.Should().NotBeNull($"an answer to {turn.Sent} is due");
        Turn.IsAsExpected(expected, received!).Should().BeTrue($"after{Environment.NewLine}--> {turn.Sent}{Environment.NewLine}<-- {expected}{Environment.NewLine}was due, and came{Environment.NewLine}<-- {received}");
    }
}
