using System.Net;
using System.Text;
using OnlyMcp.LoadDriver.Load;

namespace OnlyMcp.LoadDriver.Soak;

/// <summary>Sends what is wrong, and leaves in the middle.</summary>
internal sealed class ErrorClient(string name, Tally tally, IPEndPoint server) : SoakClient(name, tally)
{
    private static readonly string[] Headers = [$"MCP-Protocol-Version: {Messages.Modern}", "Mcp-Method: tools/call"];

    protected override Task StepAsync()
    {
        for (var i = 0; i < 10; i++)
            Misbehave(Random.Next(10));
        return Task.CompletedTask;
    }

    private void Misbehave(int how)
    {
        switch (how)
        {
            case 0:
                Refused("garbage", "400", HttpRequest.Post(server, "{ no JSON", Headers));
                break;
            case 1:
                Refused("too large", "413", HttpRequest.Bare("POST /mcp", server, ["Content-Type: application/json", "Accept: application/json, text/event-stream", "Content-Length: 99000000"]));
                break;
            case 2:
                Refused("no session", "404", SessionRequests.Listen(server, "nobody"));
                break;
            case 3:
                Refused("foreign host", "403", HttpRequest.Bare("GET /mcp", new IPEndPoint(IPAddress.Parse("192.0.2.1"), 80)));
                break;
            case 4:
                Refused("no headers", "400", HttpRequest.Post(server, Messages.CallModern(Messages.Echo)));
                break;
            case 5:
                Told("unknown tool", """ "name":"nothing","arguments":{} """, "nothing", "error");
                break;
            case 6:
                Told("wrong arguments", """ "name":"add","arguments":{"a":"one"} """, "add", "isError");
                break;
            case 7:
                LeaveAfter("left in the middle of a request", Half(HttpRequest.Post(server, Messages.CallModern(Messages.Echo), Headers)), null);
                break;
            case 8:
                LeaveAfter("left before the answer", Call(""" "name":"wait","arguments":{"milliseconds":1500} """, "wait"), null);
                break;
            default:
                LeaveAfter("left in the middle of a stream", CallWithProgress(), "notifications/progress");
                break;
        }
    }

    private void Refused(string kind, string status, byte[] request)
    {
        using var connection = new RawConnection(server);
        connection.Send(request);
        connection.ReadUntil($"HTTP/1.1 {status}");
        Tally.Add(kind);
    }

    private void Told(string kind, string call, string tool, string words)
    {
        using var connection = new RawConnection(server);
        connection.Send(Call(call, tool));
        connection.ReadUntil(words);
        Tally.Add(kind);
    }

    private void LeaveAfter(string kind, ReadOnlySpan<byte> request, string? words)
    {
        using var connection = new RawConnection(server);
        connection.Send(request);
        if (words is null)
            Thread.Sleep(Random.Next(20));
        else
            connection.ReadUntil(words);
        Tally.Add(kind);
    }

    private byte[] Call(string call, string tool) => HttpRequest.Post(server, Messages.CallModern(call), [.. Headers, $"Mcp-Name: {tool}"]);

    private byte[] CallWithProgress() => HttpRequest.Post(
        server, Messages.CallWithProgress(""" "name":"progress","arguments":{"count":500,"length":100} """), [.. Headers, "Mcp-Name: progress"]);

    private static ReadOnlySpan<byte> Half(byte[] request) => request.AsSpan(0, request.Length / 2);
}
