using System.Net;
using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.RateLimits;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace OnlyMcp.Tests.Guide;

/// <summary>The code of docs/guide/servers.md: each region stands there, and runs here.</summary>
public sealed class ServersPage
{
    [Test]
    public async Task Tools_from_delegates()
    {
        #region delegates
        var server = new McpServer("weather", "1.0.0", new McpServerOptions { Instructions = "Ask about one city at a time." });
        server.AddTool("forecast", "Forecast for a city", (string city, int days = 3) => $"{city}: {days} days of sun");
        server.AddTool("wind", "Wind in a city", async (string city, CancellationToken cancellation) =>
        {
            await Task.Delay(10, cancellation);
            return new Wind(city, 7.5);
        });
        #endregion

        await using var client = await ConnectAsync(server);
        (await client.CallToolAsync("forecast", new { city = "Oslo" })).Text.Should().Be("Oslo: 3 days of sun");
        (await client.CallToolAsync<Wind>("wind", new { city = "Oslo" })).Should().Be(new Wind("Oslo", 7.5));
    }

    [Test]
    public async Task Tools_from_a_class()
    {
        #region classes
        var server = new McpServer("calculator", "1.0.0");
        server.AddTools<CalculatorTools>();
        #endregion

        await using var client = await ConnectAsync(server);
        (await client.CallToolAsync("square_root", new { number = 16 })).Text.Should().Be("4");
        (await client.CallToolAsync("square_root", new { number = -1 })).IsError.Should().BeTrue();
        (await client.ListToolsAsync().SingleAsync()).Description.Should().Be("The square root of a number");
    }

    #region classes
    public sealed class CalculatorTools
    {
        [McpTool(ReadOnly = true), Description("The square root of a number")]
        public double SquareRoot([Range(0, 1e15), Description("Not negative")] double number) => Math.Sqrt(number);
    }
    #endregion

    [Test]
    public async Task Resources()
    {
        var server = new McpServer("library", "1.0.0");

        #region resources
        server.AddResource("library://rules", "rules", "Be quiet.");
        server.AddResource("library://clock", "clock", (RequestContext context) => $"{context.Server.Options.TimeProvider.GetUtcNow():R}");
        server.AddResourceTemplate("library://books/{id}{?chapter}", "books", (int id, int chapter = 1) => new Page(id, chapter, "Once upon a time"));
        server.AddResourceTemplate("library://scans/{+path}", "scans", (string path) => Scan(path), "image/png");
        #endregion

        await using var client = await ConnectAsync(server);
        (await client.ReadTextAsync("library://rules")).Should().Be("Be quiet.");
        (await client.ReadTextAsync("library://clock")).Should().EndWith("GMT");
        (await client.ReadTextAsync("library://books/7?chapter=2")).Should().Contain("\"chapter\":2");
        ((BlobResourceContents)(await client.ReadAsync("library://scans/7/2.png")).Contents.Single()).Blob.Length.Should().Be(7);
        await FluentActions.Awaiting(() => client.ReadAsync("library://scans/../secret")).Should().ThrowAsync<JsonRpcException>();

        static byte[]? Scan(string path) => path.EndsWith(".png", StringComparison.Ordinal) ? new byte[path.Length] : null;
    }

    [Test]
    public async Task Prompts_and_completion()
    {
        var server = new McpServer("review", "1.0.0");
        var languages = new Dictionary<string, string[]> { ["C#"] = ["ASP.NET", "MAUI"], ["Python"] = ["Django", "Flask"] };

        #region prompts
        server.AddPrompt("review", "Reviews code", (string code, [Description("Its language")] string language = "C#", string framework = "", Tone tone = Tone.Friendly) =>
            $"Review this {language} code in a {tone} tone, with {framework} in mind:\n{code}");
        server.AddPrompt("greet", "Begins a conversation", PromptMessage[] () =>
        [
            new() { Role = Role.User, Content = new TextContent { Text = "Hello!" } },
            new() { Role = Role.Assistant, Content = new TextContent { Text = "Hello. What are we looking at?" } },
        ]);
        #endregion

        #region completion
        var review = new PromptReference { Name = "review" };
        server.AddCompletion(review, "language", ["C#", "Python"]);
        server.AddCompletion(review, "framework", query =>
            languages.GetValueOrDefault(query.Arguments.GetValueOrDefault("language", "C#"), [])
                .Where(name => name.StartsWith(query.Value, StringComparison.OrdinalIgnoreCase)));
        #endregion

        await using var client = await ConnectAsync(server);
        ((TextContent)(await client.GetAsync("review", ("code", "x++"))).Messages.Single().Content).Text.Should().StartWith("Review this C# code");
        (await client.GetAsync("greet")).Messages.Should().HaveCount(2);
        (await client.CompleteAsync(review, "framework", "f", ("language", "Python"))).Values.Should().Equal("Flask");
        (await client.CompleteAsync(review, "tone", "")).Values.Should().Equal("Friendly", "Strict");
    }

    [Test]
    public async Task Long_lists_and_caches()
    {
        #region lists
        var server = new McpServer("many", "1.0.0", new McpServerOptions
        {
            PageSize = 50,
            Caching = new CachingOptions { Tools = new CachePolicy(TimeSpan.FromMinutes(10), CacheScope.Public) },
        });
        #endregion

        foreach (var number in Enumerable.Range(0, 120))
            server.AddTool($"tool_{number}", "One of many", () => number);
        await using var client = await ConnectAsync(server);
        (await client.ListToolsPageAsync()).Should().Match<ListToolsResult>(page => page.Tools.Count == 50 && page.TtlMs == 600_000);
        (await client.ListToolsAsync().CountAsync()).Should().Be(120);
    }

    [Test]
    public async Task What_changes()
    {
        var server = new McpServer("library", "1.0.0");
        var heard = new List<Change>();
        using var hearing = server.Options.Changes.Subscribe(heard.Add);

        #region changes
        var notice = "Open until five.";
        server.AddResource("library://board", "board", () => notice);

        // ...
        notice = "Closed tomorrow.";
        await server.NotifyResourceUpdatedAsync("library://board");
        #endregion

        heard.Should().Equal(new Change(ChangeKind.ResourcesListChanged), new Change(ChangeKind.ResourceUpdated, "library://board"));
    }

    [Test]
    public async Task How_often_and_what_stands_around()
    {
        using var log = new StringWriter();

        #region around
        var server = new McpServer("careful", "1.0.0", new McpServerOptions
        {
            ToolCallLimiter = new TokenBucketLimiter(60, TimeSpan.FromMinutes(1)),
            HandlerMiddleware =
            [
                async (request, context, next, cancellation) =>
                {
                    log.WriteLine($"{request.Method} of {context.ClientInfo?.Name}");
                    return await next(request, context, cancellation);
                },
            ],
        });
        #endregion

        server.AddTool("greet", "Greets", () => "Hello!");
        await using var client = await ConnectAsync(server);
        (await client.CallToolAsync("greet")).Text.Should().Be("Hello!");
        log.ToString().Should().Contain("tools/call of ");
    }

    [Test]
    public async Task Tools_with_a_given_schema()
    {
        var server = new McpServer("echo", "1.0.0");

        #region given
        var echo = new Tool
        {
            Name = "echo",
            Description = "Says it again",
            InputSchema = JsonElement.Parse("""{ "type": "object", "properties": { "text": { "type": "string" } }, "required": ["text"] }"""),
        };
        server.AddTool(echo, (arguments, context, cancellation) => new(ToolResults.Text(arguments.GetProperty("text").GetString()!)));
        #endregion

        await using var client = await ConnectAsync(server);
        (await client.CallToolAsync("echo", new { text = "hello" })).Text.Should().Be("hello");
    }

    [Test]
    public async Task Errors()
    {
        var server = new McpServer("divider", "1.0.0");

        #region errors
        server.AddTool("divide", "Divides", (double a, double b) =>
            b == 0 ? throw new ToolErrorException("Division by zero: choose another b.") : a / b);
        #endregion

        await using var client = await ConnectAsync(server);
        (await client.CallToolAsync("divide", new { a = 1, b = 0 })).Text.Should().Be("Division by zero: choose another b.");
    }

    [Test]
    public async Task Progress()
    {
        var server = new McpServer("counter", "1.0.0");

        #region progress
        server.AddTool("count", "Counts", async (int to, IProgress<ProgressValue> progress, RequestContext context, CancellationToken cancellation) =>
        {
            for (var i = 1; i <= to; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                progress.Report(new ProgressValue(i, to, $"at {i}"));
            }

            await context.LogAsync(LoggingLevel.Info, "Counted.", cancellationToken: cancellation);
            return "done";
        });
        #endregion

        await using var client = await ConnectAsync(server);
        var heard = new List<double>();
        await client.CallToolAsync("count", new { to = 3 }, new RequestOptions { OnProgress = news => heard.Add(news.Progress) });
        heard.Should().Equal(1, 2, 3);
    }

    [Test]
    public async Task Over_http_with_a_program_around_it()
    {
        var server = new McpServer("weather", "1.0.0");
        server.AddTool("forecast", "Forecast", () => "sun");

        #region host
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        Console.Error.WriteLine($"Listening on {host.Address}mcp");
        #endregion

        await using (var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp")))
            (await client.CallToolAsync("forecast")).Text.Should().Be("sun");

        #region host
        // ...
        await host.StopAsync();
        #endregion
    }

    [Test]
    public async Task Beside_your_own_routes()
    {
        var server = new McpServer("weather", "1.0.0");
        server.AddTool("forecast", "Forecast", () => "sun");

        #region mount
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/")
        {
            OtherPaths = async (http, cancellation) =>
            {
                if (http.Path != "/ping")
                    return false;

                http.SetResponseHeader("Content-Type", "text/plain");
                await http.RespondAsync(200, "pong"u8.ToArray(), cancellation);
                return true;
            },
        };
        await host.StartAsync();
        #endregion

        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri(host.Address, "/ping"))).Should().Be("pong");
        await using var client = await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"));
        (await client.CallToolAsync("forecast")).Text.Should().Be("sun");
    }

    [Test]
    public async Task In_a_loop_of_ones_own()
    {
        var server = new McpServer("weather", "1.0.0");
        server.AddTool("forecast", "Forecast", () => "sun");
        using var listener = Listen(out var address);

        #region loop
        await using var handler = new McpHttpHandler(server);

        async Task AnswerAsync(HttpListenerContext context)
        {
            if (await handler.TryHandleAsync(context))
                return;

            context.Response.StatusCode = context.Request.Url?.AbsolutePath == "/ping" ? 200 : 404;
            context.Response.Close();
        }
        #endregion

        var loop = Task.Run(async () =>
        {
            while (listener.IsListening)
                _ = AnswerAsync(await listener.GetContextAsync());
        });
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(address, "/ping"))).StatusCode.Should().Be(HttpStatusCode.OK);
        await using (var client = await McpClient.ConnectAsync(new Uri(address, "/mcp")))
            (await client.CallToolAsync("forecast")).Text.Should().Be("sun");

        listener.Close();
        await FluentActions.Awaiting(() => loop).Should().ThrowAsync<Exception>("the listener is closed");
    }

    [Test]
    public async Task Asking_the_client()
    {
        var server = new McpServer("shop", "1.0.0");
        var charged = 0;
        Task<string> ChargeAsync(int amount, CancellationToken cancellation) => Task.FromResult($"receipt {++charged} for {amount}");

        #region asking
        server.AddTool("order", "Orders food", async (string dish, RequestContext context, CancellationToken cancellation) =>
        {
            var order = await context.ElicitAsync<Order>("order", $"How much {dish}, and where to?", cancellation);
            if (!order.IsAccepted)
                return "Nothing was ordered.";

            var receipt = await context.OnceAsync("charge", token => ChargeAsync(order.Value.Portions, token), cancellation);
            var name = await context.ElicitAsync<Receiver>("receiver", "Whose name is on the door?", cancellation);
            return $"{order.Value.Portions} x {dish} to {name.Value?.Name ?? "nobody"}: {receipt}";
        });
        #endregion

        var options = new McpClientOptions
        {
            OnElicit = (question, _, _) => new(new ElicitResult
            {
                Action = ElicitAction.Accept,
                Content = question.RequestedSchema.Properties.ToDictionary(
                    field => field.Key, field => JsonElement.Parse(field.Key == "portions" ? "2" : "\"Ada\"")),
            }),
        };
        await using var client = await ConnectAsync(server, options);
        (await client.CallToolAsync("order", new { dish = "soup" })).Text.Should().Be("2 x soup to Ada: receipt 1 for 2");
        charged.Should().Be(1);
    }

    #region asking
    public sealed record Order([property: Range(1, 9), Description("Portions")] int Portions, string Address, string? Wishes = null);

    public sealed record Receiver(string Name);
    #endregion

    [Test]
    public async Task Over_stdio()
    {
        var server = new McpServer("weather", "1.0.0");
        server.AddTool("forecast", "Forecast", () => "sun");
        using var cancellation = new CancellationTokenSource();

        // A program that runs this is tested as a process: OnlyMcp.Tests/Programs/StdioServer. Here it must not take the tests' own output.
        Func<Task> run = async () =>
        {
            #region stdio
            await server.RunStdioAsync(cancellation.Token);
            #endregion
        };

        run.Should().NotBeNull();
        await using var client = await ConnectAsync(server);
        (await client.CallToolAsync("forecast")).Text.Should().Be("sun");
    }

    private static HttpListener Listen(out Uri address)
    {
        while (true)
        {
            address = new Uri($"http://127.0.0.1:{Random.Shared.Next(15_000, 32_000)}/");
            var listener = new HttpListener { Prefixes = { address.AbsoluteUri } };
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException)
            {
                // That port is taken.
            }
        }
    }

    private static async Task<McpClient> ConnectAsync(McpServer server, McpClientOptions? options = null)
    {
        var (near, far) = InMemoryPipe.Create();
        _ = server.ServeAsync(far, far);
        return await McpClient.ConnectAsync(new PipeClientTransport(near, near), options);
    }

    public enum Tone
    {
        Friendly,
        Strict,
    }

    public sealed record Page(int Book, int Chapter, string Text);

    public sealed record Wind(string City, double MetresPerSecond);
}
