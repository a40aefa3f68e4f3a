using System.Net.Http.Headers;
using System.Text;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>A client over HTTP+SSE, which only 2024-11-05 has: messages are posted to an address that the stream begins with, and come on the stream.</summary>
internal sealed class PlayedSseClient : PlayedClient
{
    private readonly McpHttpHost host;
    private readonly HttpClient http;
    private readonly CancellationTokenSource leaving = new();
    private readonly SseReader events;
    private readonly Uri messages;
    private readonly Task reading;

    private PlayedSseClient(McpHttpHost host, HttpClient http, SseReader events, Uri messages)
    {
        this.host = host;
        this.http = http;
        this.events = events;
        this.messages = messages;
        reading = ReadAsync();
    }

    public static async Task<PlayedSseClient> ConnectAsync(Transcript transcript)
    {
        var host = new McpHttpHost(TranscriptServer.Make(transcript.ToString()), "http://127.0.0.1:0/");
        await host.StartAsync();
        var http = new HttpClient { Timeout = Patience };
        var events = new SseReader(await http.GetStreamAsync(new Uri(host.Address, "/sse")));
        var endpoint = (await events.ReadAsync(default))!;
        return new PlayedSseClient(host, http, events, new Uri(host.Address, Encoding.UTF8.GetString(endpoint.Data.Span)));
    }

    public override async Task SendAsync(Turn turn)
    {
        using var message = new StringContent(turn.Sent, new MediaTypeHeaderValue("application/json"));
        using var response = await http.PostAsync(messages, message);
        response.StatusCode.Should().Be(System.Net.HttpStatusCode.Accepted);
    }

    public override async ValueTask DisposeAsync()
    {
        await leaving.CancelAsync();
        await reading.WaitAsync(Patience);
        events.Dispose();
        http.Dispose();
        await host.DisposeAsync();
        leaving.Dispose();
    }

    protected override async Task LeaveAsync()
    {
        await leaving.CancelAsync();
        await reading.WaitAsync(Patience);
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await events.ReadAsync(leaving.Token) is { } read)
                Take(Encoding.UTF8.GetString(read.Data.Span));
            End();
        }
        catch (Exception fault)
        {
            End(leaving.IsCancellationRequested ? null : fault);
        }
    }
}
