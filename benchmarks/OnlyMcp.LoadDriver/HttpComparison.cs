using System.Net;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Report;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver;

/// <summary>Our server over HTTP beside an HttpListener that answers the same bytes to the same requests.</summary>
internal static class HttpComparison
{
    private static readonly string[] ModernHeaders = [$"MCP-Protocol-Version: {Messages.Modern}", "Mcp-Method: tools/call"];

    public static async Task<IReadOnlyList<Row>> RunAsync(Plan plan) =>
    [
        .. await CompareAsync("modern echo", plan, server => HttpRequest.Post(server, Messages.CallModern(Messages.Echo), [.. ModernHeaders, "Mcp-Name: echo"])),
        .. await CompareAsync("modern add, validated", plan, server => HttpRequest.Post(server, Messages.CallModern(Messages.Add), [.. ModernHeaders, "Mcp-Name: add"])),
        .. await CompareAsync($"{Messages.Legacy} echo, session", plan, server =>
            HttpRequest.Post(server, Messages.CallLegacy(Messages.Echo), $"MCP-Protocol-Version: {Messages.Legacy}", $"Mcp-Session-Id: {OpenSession(server)}")),
    ];

    private static async Task<IReadOnlyList<Row>> CompareAsync(string name, Plan plan, Func<IPEndPoint, byte[]> requestTo)
    {
        await using var ours = await ServerProcess.StartAsync(ServerPrograms.OurHttp);
        await using var raw = await ServerProcess.StartAsync(ServerPrograms.RawHttp);
        var (ourAddress, rawAddress) = (AddressIn(await ours.ReceiveAsync()), AddressIn(await raw.ReceiveAsync()));

        var request = requestTo(ourAddress);
        using var connection = new HttpConnection(ourAddress);
        byte[] answer;
        do
            answer = connection.Exchange(request).ToArray();
        while (answer.Length == 0); // The first call compiles what it runs through, which on a busy machine takes its time.
        await raw.SendAsync(Convert.ToBase64String(answer));
        await raw.ReceiveAsync();

        var comparison = new Comparison(
            ours, new HttpLoad(ourAddress, request, answer, answersAreFixed: false).Run,
            raw, new HttpLoad(rawAddress, request, answer, answersAreFixed: true).Run);
        return await comparison.RunAsync(name, plan.Connections, plan);
    }

    private static string OpenSession(IPEndPoint server)
    {
        using var connection = new HttpConnection(server);
        connection.Exchange(HttpRequest.Post(server, Messages.Initialize), out var head);
        return HttpRequest.Header(head, "Mcp-Session-Id");
    }

    private static IPEndPoint AddressIn(string url) => new(IPAddress.Loopback, new Uri(url).Port);
}
