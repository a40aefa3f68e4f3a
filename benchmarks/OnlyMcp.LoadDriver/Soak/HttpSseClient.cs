using System.Net;
using OnlyMcp.LoadDriver.Load;

namespace OnlyMcp.LoadDriver.Soak;

/// <summary>Calls tools over HTTP+SSE, and leaves in the middle of a call.</summary>
internal sealed class HttpSseClient(string name, Tally tally, IPEndPoint server) : SoakClient(name, tally)
{
    private const int Calls = 30;

    protected override Task StepAsync()
    {
        using var stream = new RawConnection(server);
        stream.Send(HttpRequest.Bare("GET /sse", server, "Accept: text/event-stream"));
        stream.ReadUntil("event: endpoint\ndata: ");
        var path = stream.ReadUntil("\n");
        using var connection = new HttpConnection(server);
        Post(Messages.Initialize.Replace(Messages.Legacy, "2024-11-05", StringComparison.Ordinal));
        stream.ReadUntil("serverInfo");
        Post(Messages.Initialized);
        for (var i = 0; i < Calls; i++)
        {
            Call(i, Messages.Echo);
            stream.ReadUntil($"number {i}\"");
        }

        if (Random.Next(2) > 0)
            Call(Calls, """ "name":"wait","arguments":{"milliseconds":1000} """);
        Tally.Add("calls over HTTP+SSE", Calls);
        return Task.CompletedTask;

        void Call(int number, string tool) => Post(Messages.CallLegacy(tool).Replace("10000000", $"{number}", StringComparison.Ordinal));

        void Post(string message) => connection.Exchange(HttpRequest.PostTo(path, server, message));
    }
}
