using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tools;
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

    [Test]
    public async Task Prompts_resources_completion()
    {
        await using var host = await HostAsync();
        await using var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"));

        #region features
        var arguments = new Dictionary<string, string> { ["city"] = "Oslo" };
        GetPromptResult prompt = await client.GetPromptAsync("outfit", arguments);
        Completion cities = await client.CompleteAsync(new PromptReference { Name = "outfit" }, "city", "Os");

        string notes = (await client.ReadResourceAsync("weather://notes")).Text;
        await foreach (var resource in client.ListResourcesAsync())
            Console.WriteLine($"{resource.Uri}: {resource.Name}");
        #endregion

        ((TextContent)prompt.Messages[0].Content).Text.Should().Contain("Oslo");
        (cities.Values.Single(), notes).Should().Be(("Oslo", "Mild."));
    }

    [Test]
    public async Task Answering()
    {
        await using var host = await HostAsync();
        var url = new Uri(host.Address, "/mcp");
        var consent = true;
        var asks = new List<string>();
        Task<bool> AskUserAsync(string question)
        {
            asks.Add(question);
            return Task.FromResult(consent);
        }

        #region inputs
        var options = new McpClientOptions
        {
            OnElicit = async (form, context, _) => await AskUserAsync($"{context.Server} asks: {form.Message}")
                ? ElicitAnswer.Accept(new JsonObject { ["city"] = "Oslo" })
                : ElicitAnswer.Decline,
            OnElicitUrl = async (page, context, _) => await AskUserAsync($"{context.Server} wants to open {page.Url}: {page.Message}")
                ? ElicitAnswer.Accept() // and a browser opens page.Url
                : ElicitAnswer.Cancel,
            Roots = [new Root { Uri = "file:///projects/weather" }],
        };
        await using var client = await McpClient.ConnectAsync(url, options);
        ToolAnswer answer = await client.CallToolAsync("local_forecast");
        #endregion

        answer.Text.Should().Be("21 degrees in Oslo");
        asks.Should().ContainSingle().Which.Should().Be($"{url} asks: Where are you?");
    }

    [Test]
    public async Task Calls_that_take_long()
    {
        await using var host = await HostAsync();
        await using var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"));
        await using var other = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"));
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.json");

        #region tasks
        ToolTask task = await client.StartToolAsync("survey", new { city = "Oslo" });
        if (task.Handle is { } handle)
            await File.WriteAllTextAsync(path, handle.ToJson());

        // Later, maybe in another process:
        ToolTask again = other.ResumeTask(TaskHandle.Parse(await File.ReadAllTextAsync(path)));
        ToolAnswer answer = await again.WaitAsync(new RequestOptions { OnProgress = news => Console.WriteLine(news.Message) });
        #endregion

        File.Delete(path);
        answer.Text.Should().Be("Oslo was measured");
    }

    [Test]
    public async Task Hearing_of_changes()
    {
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new McpServer("weather", "1.0.0");
        server.AddResource("weather://notes", "notes", () =>
        {
            read.TrySetResult();
            return "Mild.";
        });
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        await using var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"));
        using var cancellation = new CancellationTokenSource();
        var listening = ListenAsync();
        await read.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await host.StopAsync();
        await listening.WaitAsync(TimeSpan.FromSeconds(30));

        async Task ListenAsync()
        {
            #region listen
            var wanted = new SubscriptionFilter { ToolsListChanged = true, ResourceSubscriptions = ["weather://notes"] };
            await foreach (var change in client.ListenAsync(wanted, cancellationToken: cancellation.Token))
            {
                if (change is ListeningStarted or ChangesMissed or ResourceUpdated)
                    Console.WriteLine((await client.ReadResourceAsync("weather://notes")).Text);
            }
            #endregion
        }
    }

    private static async Task<McpHttpHost> HostAsync()
    {
        var server = new McpServer("weather", "1.0.0");
        server.AddTool("forecast", "Forecast for a city", (string city) => new Forecast(city, 21));
        server.AddTool("local_forecast", "Forecast for where the user is", async (RequestContext context) =>
            $"21 degrees in {(await context.ElicitAsync<Place>("where", "Where are you?")).Value?.City ?? "a secret place"}");
        server.AddTool("survey", "Measures a city", [McpTask(PollIntervalSeconds = 0.05)] (string city) => $"{city} was measured");
        server.AddPrompt("outfit", "What to wear", (string city) => $"What does one wear in {city}?");
        server.AddCompletion(new PromptReference { Name = "outfit" }, "city", ["Oslo", "Rome"]);
        server.AddResource("weather://notes", "notes", "Mild.");
        var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        return host;
    }

    public sealed record Place(string City);

    public sealed record Forecast(string City, double Degrees);
}
