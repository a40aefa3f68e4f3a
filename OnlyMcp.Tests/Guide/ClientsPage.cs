using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Guide;

/// <summary>The code of docs/guide/clients.md: each region stands there, and runs here.</summary>
public sealed class ClientsPage
{
    [Test]
    public async Task Connecting()
    {
        await using var host = await HostAsync();
        var url = new Uri(host.Address, "/mcp");
        var program = Programs.Command("StdioServer");

        #region connect
        await using var remote = await McpClient.ConnectAsync(url);
        await using var local = await McpClient.StartAsync(new StdioClientOptions
        {
            Command = program[0],
            Arguments = program[1..],
            StandardError = line => Console.Error.WriteLine(line),
        });
        #endregion

        remote.ServerInfo!.Name.Should().Be("weather");
        (await local.ListToolsAsync().CountAsync()).Should().BePositive();
    }

    [Test]
    public async Task Calling_tools()
    {
        await using var host = await HostAsync();
        await using var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"));

        #region call
        await foreach (var tool in client.ListToolsAsync())
            Console.WriteLine($"{tool.Name}: {tool.Description}");

        string text = (await client.CallToolAsync("forecast", new { city = "Oslo" })).EnsureSuccess().Text;
        Forecast forecast = await client.CallToolAsync<Forecast>("forecast", new { city = "Oslo" });
        #endregion

        text.Should().Contain("Oslo");
        forecast.Should().Be(new Forecast("Oslo", 21));
    }

    [Test]
    public async Task Progress()
    {
        await using var host = await HostAsync();
        await using var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"));
        using var cancellation = new CancellationTokenSource();

        #region progress
        var options = new RequestOptions
        {
            OnProgress = news => Console.WriteLine($"{news.Progress} of {news.Total}"),
            Timeouts = new RequestTimeouts { Timeout = TimeSpan.FromSeconds(10), ResetOnProgress = true, Total = TimeSpan.FromMinutes(5) },
        };
        var answer = await client.CallToolAsync("forecast", new { city = "Oslo" }, options, cancellation.Token);
        #endregion

        answer.IsError.Should().BeFalse();
    }

    private static async Task<McpHttpHost> HostAsync()
    {
        var server = new McpServer("weather", "1.0.0");
        server.AddTool("forecast", "Forecast for a city", (string city) => new Forecast(city, 21));
        var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        return host;
    }

    public sealed record Forecast(string City, double Degrees);
}
