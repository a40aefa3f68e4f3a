using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver.Clients;

/// <summary>The C# SDK's client as it is by default: over HTTP, or in memory with the SDK's server.</summary>
internal sealed class CSharpCaller(McpClient client, McpServer? server = null) : ICaller
{
    public static async Task<ICaller> ConnectAsync(Uri address) => new CSharpCaller(await McpClient.CreateAsync(
        new HttpClientTransport(new() { Endpoint = address, TransportMode = HttpTransportMode.StreamableHttp })));

    public static async Task<ICaller> ConnectInMemoryAsync()
    {
        Pipe toServer = new(), toClient = new();
        var server = McpServer.Create(new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()), CSharpServer.Make());
        _ = server.RunAsync();
        return new CSharpCaller(
            await McpClient.CreateAsync(new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream())), server);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(int place, int number)
    {
        var said = Said.With(number);
        var answer = await client.CallToolAsync("echo", new Dictionary<string, object?> { ["text"] = said });
        Said.Check(answer is { IsError: not true, Content: [TextContentBlock text] } ? text.Text : null, said);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
    }
}
