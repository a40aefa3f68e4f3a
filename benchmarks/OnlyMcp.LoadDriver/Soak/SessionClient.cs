using System.Net;
using OnlyMcp.LoadDriver.Load;

namespace OnlyMcp.LoadDriver.Soak;

/// <summary>Opens a session and its stream, calls tools, hears of changes, cancels; then ends the session, or leaves without a word.</summary>
internal sealed class SessionClient(string name, Tally tally, IPEndPoint server) : SoakClient(name, tally)
{
    private const int Calls = 50;

    protected override Task StepAsync()
    {
        using var connection = new HttpConnection(server);
        var id = SessionRequests.Open(server, connection);
        using var stream = new RawConnection(server);
        stream.Send(SessionRequests.Listen(server, id));
        stream.ReadUntil("text/event-stream");
        for (var i = 0; i < Calls; i++)
            Call(connection, id, Messages.Echo.Replace("10000000", $"{i}", StringComparison.Ordinal), i);
        Call(connection, id, """ "name":"change","arguments":{} """, Calls);
        stream.ReadUntil("list_changed");
        Cancel(connection, id);
        if (Random.Next(3) > 0)
            connection.Exchange(SessionRequests.Delete(server, id));
        Tally.Add("sessions");
        Tally.Add("calls in a session", Calls + 2);
        return Task.CompletedTask;
    }

    private void Cancel(HttpConnection connection, string id)
    {
        using var waiting = new RawConnection(server);
        waiting.Send(Request(id, """ "name":"wait","arguments":{"milliseconds":2000} """, Calls + 1));
        Thread.Sleep(Random.Next(5));
        connection.Exchange(HttpRequest.Post(
            server, $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{Calls + 1}}}}}""", SessionRequests.Headers(id)));

        // A notification may overtake its request, on another connection: then the request is answered.
        waiting.ReadUntil("HTTP/1.1 200");
    }

    private void Call(HttpConnection connection, string id, string tool, int number) => connection.Exchange(Request(id, tool, number));

    private byte[] Request(string id, string tool, int number) => HttpRequest.Post(
        server, Messages.CallLegacy(tool).Replace("10000000", $"{number}", StringComparison.Ordinal), SessionRequests.Headers(id));
}
