using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Clients;

/// <summary>
/// The floor: an HttpClient that posts bytes with the headers that they need, and holds the bytes that come back against those that must.
/// What it costs, every client on an HttpClient pays before it has done anything.
/// </summary>
internal sealed class HttpFloor(Uri address) : ICaller
{
    private const int Places = 1024;

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly NumberedCall[] calls = [.. Enumerable.Range(0, Places).Select(_ => new NumberedCall(
        Encoding.UTF8.GetBytes(Messages.CallModern(Messages.Echo)), CannedAnswers.To(Messages.CallModern(Messages.Echo))))];

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(int place, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(calls[place].Bytes(number)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", Messages.Modern);
        request.Headers.TryAddWithoutValidation("Mcp-Method", "tools/call");
        request.Headers.TryAddWithoutValidation("Mcp-Name", "echo");
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        if (!calls[place].TryRead(body, out var answered) || answered != number)
            throw new InvalidDataException($"A wrong answer to call {number}: {Encoding.UTF8.GetString(body)}");
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }
}
