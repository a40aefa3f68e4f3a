using System.Runtime.CompilerServices;
using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.LoadDriver.Servers;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server.InMemory;

namespace OnlyMcp.LoadDriver.Clients;

/// <summary>Our client as it is by default: over HTTP, or in memory with our server, whose every guard is as it is by default too.</summary>
internal sealed class OurCaller(McpClient client) : ICaller
{
    public static async Task<ICaller> ConnectAsync(Uri address) => new OurCaller(await McpClient.ConnectAsync(address));

    public static async Task<ICaller> ConnectInMemoryAsync() =>
        new OurCaller(await McpClient.ConnectAsync(new InMemoryTransport(OurServer.Make())));

    public static async Task<ICaller> ConnectOverPipeAsync()
    {
        var (near, far) = InMemoryPipe.Create();
        _ = OurServer.Make().ServeAsync(far, far);
        return new OurCaller(await McpClient.ConnectAsync(new PipeClientTransport(near, near)));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(int place, int number)
    {
        var said = Said.With(number);
        var answer = await client.CallToolAsync("echo", new { text = said });
        Said.Check(answer.EnsureSuccess().Text, said);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
