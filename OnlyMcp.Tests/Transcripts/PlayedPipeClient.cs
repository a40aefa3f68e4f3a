using OnlyMcp.Protocol.Testing;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>A client over a pipe: one in memory, or the standard input and output of a server that is a process.</summary>
internal sealed class PlayedPipeClient : PlayedClient
{
    private readonly StdioPeer peer;
    private readonly Task serving;
    private readonly Task reading;

    private PlayedPipeClient(StdioPeer peer, Task serving)
    {
        this.peer = peer;
        this.serving = serving;
        reading = ReadAsync();
    }

    public static PlayedPipeClient InMemory(Transcript transcript)
    {
        var (client, served) = InMemoryPipe.Create();
        return new PlayedPipeClient(new StdioPeer(client), TranscriptServer.Make(transcript.ToString()).ServeAsync(served, served));
    }

    public static PlayedPipeClient OverStdio(Transcript transcript) => new(StdioPeer.Start(transcript.ToString()), Task.CompletedTask);

    public override Task SendAsync(Turn turn) => peer.SendAsync(turn.Sent);

    public override async ValueTask DisposeAsync()
    {
        await peer.DisposeAsync();
        await serving.WaitAsync(Patience);
    }

    // Over stdio all that was on its way arrives before the end. A pipe in memory closes both halves at once.
    protected override async Task LeaveAsync()
    {
        await peer.Input.DisposeAsync();
        await reading.WaitAsync(Patience);
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await peer.ReadOrEndAsync() is { } line)
                Take(line);
            End();
        }
        catch (ObjectDisposedException)
        {
            // Whoever leaves a pipe in memory closes the half that is read, too.
            End();
        }
        catch (Exception fault)
        {
            End(fault);
        }
    }
}
