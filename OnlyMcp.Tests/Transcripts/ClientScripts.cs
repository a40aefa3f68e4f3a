using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using OnlyMcp.Client;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>What a program does with our client so that a conversation comes about.</summary>
/// <param name="RunAsync">The calls.</param>
internal sealed record ClientScript(Func<McpClient, Task> RunAsync)
{
    /// <summary>What the client is told, beside its name and its revision.</summary>
    public Func<McpClientOptions, McpClientOptions> Options { get; init; } = options => options;
}

/// <summary>The calls behind each conversation, by its file's name.</summary>
internal static partial class ClientScripts
{
    private static readonly PromptReference Review = new() { Name = "review" };
    private static readonly Root Poems = new() { Uri = "file:///poems", Name = "poems" };
    private static readonly Root Plays = new() { Uri = "file:///plays", Name = "plays" };

    /// <summary>What our client never sends, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> NeverSent { get; } = new Dictionary<string, string>
    {
        ["errors"] = "wrong on purpose",
        ["metadata"] = "wrong on purpose: the client always sends what is missing here",
        ["negotiation"] = "the client never offers a modern version to initialize",
        ["unknown-version"] = "the client never offers a version that it does not know",
        ["resumption"] = "the played server's streams do not break off; StreamResumptionTests have those that do",
        ["newer-server"] = "an old client, which ours is only if it is told so",
        ["batch"] = "the client sends no batches",
        ["no-batch"] = "the client sends no batches",
        ["request-state"] = "the client forges nothing",
        ["task-forbidden"] = "wrong on purpose: the client reads what a tool says of itself",
        ["task-ignored"] = "the client wishes for no task where there are none",
        ["task-update"] = "wrong on purpose: the client answers what is asked, and once",
        ["task-missing-capability"] = "wrong on purpose: the client always declares what is missing here",
    };

    public static IReadOnlyDictionary<string, ClientScript> All { get; } = new Dictionary<string, ClientScript>
    {
        ["lifecycle"] = new(async client =>
        {
            await client.PingAsync();
            await client.SendRequestAsync("logging/setLevel", Body("""{"level":"warning"}"""));
            await client.ListToolsAsync().ToListAsync();
        }),
        ["older-server"] = new(client => client.CallToolAsync("add", new { a = 1, b = 2 }))
        {
            Options = options => options with { Revision = null },
        },
        ["discover"] = new(_ => Task.CompletedTask),
        ["tools"] = new(async client =>
        {
            await client.ListToolsAsync().ToListAsync();
            (await client.CallToolAsync("add", new { a = 1, b = 2 })).Text.Should().Be("3");
            (await client.CallToolAsync("add", new { a = "one", b = 2 })).IsError.Should().BeTrue();
            (await client.CallToolAsync("fail")).IsError.Should().BeTrue();
            await RefusedAsync(client.CallToolAsync("nope"), ErrorCode.InvalidParams);
        }),
        ["pagination"] = new(async client => (await client.ListToolsAsync().ToListAsync()).Should().HaveCount(3)),
        ["content"] = new(async client =>
        {
            foreach (var tool in new[] { "say", "picture", "sound", "link", "note" })
                (await client.CallToolAsync(tool)).IsError.Should().BeFalse();
        }),
        ["structured"] = new(async client =>
        {
            (await client.CallToolAsync("point")).Text.Should().Be("""{"x":1,"y":2}""");
            (await client.CallToolAsync("primes")).Text.Should().Be("[2,3,5]");
        }),
        ["progress"] = new(async client =>
        {
            List<double> reports = [];
            await client.CallToolAsync("count", new { to = 2 }, new RequestOptions { OnProgress = report => reports.Add(report.Progress) });
            reports.Should().Equal(1, 2);
            await client.CallToolAsync("count", new { to = 2 });
        }),
        ["logging"] = new(async client =>
        {
            await client.CallToolAsync("log", options: new RequestOptions { LogLevel = LoggingLevel.Warning });
            if (client.Era == Era.Modern)
                await client.CallToolAsync("log");
        })
        {
            Options = options => options.Revision!.Era == Era.Legacy ? options with { LogLevel = LoggingLevel.Warning } : options,
        },
        ["cancellation"] = new(async client =>
        {
            using var stop = new CancellationTokenSource();
            var leaving = new RequestOptions { OnProgress = _ => stop.Cancel() };
            var waiting = client.CallToolAsync("wait", options: leaving, cancellationToken: stop.Token);
            await waiting.Awaiting(call => call).Should().ThrowAsync<OperationCanceledException>();
            (await client.CallToolAsync("add", new { a = 1, b = 2 })).Text.Should().Be("3");
        }),
        ["changes"] = WithChanges(),
        ["updates"] = new(async client =>
        {
            await using (var changes = await ListenAsync(client, new SubscriptionFilter { ResourceSubscriptions = ["note://shopping"] }))
            {
                await client.CallToolAsync("buy", new { what = "bread" });
                await changes.MoveNextAsync();
                (await client.ReadResourceAsync("note://shopping")).Text.Should().Be("Milk, bread.");
            }

            await client.CallToolAsync("buy", new { what = "eggs" });
        }),
        ["resources"] = new(async client =>
        {
            await client.ListResourcesAsync().ToListAsync();
            (await client.ReadResourceAsync("note://shopping")).Text.Should().Be("Milk, bread.");
            await client.ReadResourceAsync("picture://dot");
            await client.ListResourceTemplatesAsync().ToListAsync();
            (await client.ReadResourceAsync("weather://Troms%C3%B8?days=3")).Text.Should().Be("Tromsø: sun for 3 days.");
        }),
        ["missing-resource"] = new(async client =>
        {
            var missing = client.Era == Era.Modern ? ErrorCode.InvalidParams : ErrorCode.ResourceNotFound;
            await RefusedAsync(client.ReadResourceAsync("note://travel"), missing);
            await RefusedAsync(client.ReadResourceAsync("weather://.."), missing);
            await RefusedAsync(client.ReadResourceAsync("weather://Oslo?days=many"), missing);
            await RefusedAsync(client.ReadResourceAsync("note a"), ErrorCode.InvalidParams);
        }),
        ["prompts"] = new(async client =>
        {
            await client.ListPromptsAsync().ToListAsync();
            await client.GetPromptAsync("review", new Dictionary<string, string> { ["code"] = "x++", ["tone"] = "Strict" });
            await RefusedAsync(client.GetPromptAsync("review"), ErrorCode.InvalidParams);
            var loud = new Dictionary<string, string> { ["code"] = "x++", ["tone"] = "loud" };
            await RefusedAsync(client.GetPromptAsync("review", loud), ErrorCode.InvalidParams);
            await RefusedAsync(client.GetPromptAsync("nope"), ErrorCode.InvalidParams);
        }),
        ["prompt-content"] = new(async client =>
        {
            foreach (var prompt in new[] { "look", "listen", "point", "read", "talk" })
                await client.GetPromptAsync(prompt);
        }),
        ["completion"] = new(async client =>
        {
            (await client.CompleteAsync(Review, "language", "p")).Values.Should().Equal("python", "pascal");
            if (string.CompareOrdinal(client.ProtocolVersion, "2025-06-18") >= 0)
                await client.CompleteAsync(Review, "framework", "", new Dictionary<string, string> { ["language"] = "python" });
            await client.CompleteAsync(new ResourceTemplateReference { Uri = "weather://{city}" }, "city", "o");
            await RefusedAsync(client.CompleteAsync(new PromptReference { Name = "nope" }, "language", ""), ErrorCode.InvalidParams);
        }),
        ["roots"] = new(async client =>
        {
            (await client.CallToolAsync("folders")).Text.Should().Be("poems");
            if (client.Era == Era.Modern)
                return;

            await client.SetRootsAsync([Poems, Plays]);
            (await client.CallToolAsync("folders")).Text.Should().Be("poems, plays");
        })
        {
            Options = options => options with { Roots = [Poems] },
        },
        ["sampling"] = new(client => client.CallToolAsync("ask", new { question = "What is the capital of France?" }))
        {
            Options = options => options with { OnSample = (_, _, _) => new(Paris) },
        },
        ["missing-capability"] = new(client => RefusedAsync(
            client.CallToolAsync("ask", new { question = "What is the capital of France?" }), ErrorCode.MissingRequiredClientCapability)),
        ["elicitation"] = new(async client =>
        {
            (await client.CallToolAsync("book")).Text.Should().Be("Booked for 2.");
            (await client.CallToolAsync("book")).Text.Should().Be("Not booked.");
        })
        {
            Options = options => Answering(
                options, ElicitAnswer.Accept(new JsonObject { ["guests"] = 2, ["day"] = "2026-12-24" }), ElicitAnswer.Decline),
        },
        ["rounds"] = new(async client => (await client.CallToolAsync("travel")).Text.Should().Be("From Oslo to Rome."))
        {
            Options = options => Answering(
                options,
                ElicitAnswer.Accept(new JsonObject { ["city"] = "Rome" }),
                ElicitAnswer.Accept(new JsonObject { ["city"] = "Oslo" })),
        },
        ["url-elicitation"] = new(async client => (await client.CallToolAsync("pay")).Text.Should().Be("Paid."))
        {
            Options = options => options with { OnElicitUrl = (_, _, _) => new(ElicitAnswer.Accept()) },
        },
        ["url-required"] = AfterAPage(),
        ["icons"] = new(async client =>
        {
            (await client.ListToolsAsync().SingleAsync()).Icons.Should().HaveCount(2);
            (await client.ListPromptsAsync().SingleAsync()).Icons.Should().ContainSingle();
            (await client.ListResourcesAsync().SingleAsync()).Icons.Should().ContainSingle();
        }),
        ["sampling-tools"] = new(async client => (await client.CallToolAsync("forecast")).Text.Should().Be("Take one."))
        {
            Options = options => options with
            {
                SamplesWithTools = true,
                OnSample = (asked, _, _) => new(asked.Messages.Count == 1 ? Look : Paris with { Content = [new TextContent { Text = "Take one." }] }),
            },
        },
        ["parameter-headers"] = new(async client =>
        {
            await client.ListToolsAsync().ToListAsync();
            (await client.CallToolAsync("deploy", new { region = "eu", dry = true, program = "shop" })).Text.Should().Be("shop in eu.");
            (await client.CallToolAsync("deploy", new { region = "Ålesund", dry = false, program = "shop" })).Text.Should().Be("shop in Ålesund.");
        }),
    }.Concat(OfTasks()).ToDictionary();

    private static CreateMessageResult Paris => new()
    {
        Role = Role.Assistant,
        Content = [new TextContent { Text = "Paris." }],
        Model = "small",
        StopReason = StopReasons.EndTurn,
    };

    private static CreateMessageResult Look => Paris with
    {
        Content = [new ToolUseContent { Id = "1", Name = "weather", Input = JsonElement.Parse("""{"city":"Oslo"}""") }],
        StopReason = StopReasons.ToolUse,
    };

    private static ClientScript AfterAPage()
    {
        var opened = Channel.CreateUnbounded<string?>();
        return new(async client =>
        {
            var asking = client.CallToolAsync("balance");
            if (await opened.Reader.ReadAsync() is { } page)
                client.CompleteElicitUrl(page).Should().BeTrue();
            (await asking).Text.Should().Be("100");
        })
        {
            Options = options => options with
            {
                OnElicitUrl = (page, _, _) => new(opened.Writer.TryWrite(page.ElicitationId) ? ElicitAnswer.Accept() : ElicitAnswer.Cancel),
            },
        };
    }

    private static ClientScript WithChanges()
    {
        var told = Channel.CreateUnbounded<string>();
        return new(async client =>
        {
            if (client.Era == Era.Modern)
            {
                await ListenToChangesAsync(client);
                return;
            }

            foreach (var (tool, list) in new (string, Func<Task>)[]
            {
                ("learn", () => client.ListToolsPageAsync()),
                ("teach", () => client.ListPromptsPageAsync()),
                ("write", () => client.ListResourcesPageAsync()),
            })
            {
                await client.CallToolAsync(tool);
                (await told.Reader.ReadAsync()).Should().EndWith("/list_changed");
                await list();
            }
        })
        {
            Options = options => options with
            {
                OnNotification = news =>
                {
                    told.Writer.TryWrite(news.Method);
                    return ValueTask.CompletedTask;
                },
            },
        };
    }

    private static async Task ListenToChangesAsync(McpClient client)
    {
        var wanted = new SubscriptionFilter { ToolsListChanged = true, PromptsListChanged = true, ResourcesListChanged = true };
        await using (var changes = await ListenAsync(client, wanted))
        {
            foreach (var tool in new[] { "learn", "teach", "write" })
            {
                await client.CallToolAsync(tool);
                await changes.MoveNextAsync();
            }
        }

        await client.ListToolsPageAsync();
    }

    private static async Task<IAsyncEnumerator<ServerChange>> ListenAsync(McpClient client, SubscriptionFilter wanted)
    {
        var changes = client.ListenAsync(wanted).GetAsyncEnumerator();
        (await changes.MoveNextAsync()).Should().BeTrue();
        changes.Current.Should().BeOfType<ListeningStarted>();
        return changes;
    }

    private static McpClientOptions Answering(McpClientOptions options, params ElicitResult[] answers)
    {
        var left = new Queue<ElicitResult>(answers);
        return options with { OnElicit = (_, _, _) => new(left.Dequeue()) };
    }

    private static async Task RefusedAsync(Task call, int code) =>
        (await call.Awaiting(it => it).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(code);

    private static JsonBody Body(string json) => new(System.Text.Encoding.UTF8.GetBytes(json));
}
