using System.Globalization;
using System.Net;
using System.Text;
using OnlyMcp.LoadDriver.Load;

namespace OnlyMcp.LoadDriver.Soak;

/// <summary>Calls tools without a session, on a connection that is kept alive.</summary>
internal sealed class CallingClient(string name, Tally tally, IPEndPoint server) : SoakClient(name, tally)
{
    private const int Calls = 200;
    private int number = NumberedCall.Template;

    protected override Task StepAsync()
    {
        using var connection = new HttpConnection(server);
        for (var i = 0; i < Calls; i++)
        {
            var text = (++number).ToString(CultureInfo.InvariantCulture);
            var call = Messages.CallModern(Messages.Echo).Replace("10000000", text, StringComparison.Ordinal);
            var request = HttpRequest.Post(server, call, $"MCP-Protocol-Version: {Messages.Modern}", "Mcp-Method: tools/call", "Mcp-Name: echo");
            var answer = connection.Exchange(request);

            // On a machine that is busy enough, the answer may have become a stream.
            if (!answer.IsEmpty && answer.IndexOf(Encoding.ASCII.GetBytes($"number {text}")) < 0)
                throw new InvalidDataException($"A wrong answer to call {text}: {Encoding.UTF8.GetString(answer)}");
        }

        Tally.Add("calls without a session", Calls);
        return Task.CompletedTask;
    }
}
