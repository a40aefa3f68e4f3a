using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Inputs;

/// <summary>What a server asks in a session: requests of its own, answered or not.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServerRequestsTests
{
    private static readonly Revision Latest = KnownRevisions.V20251125;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly ElicitSchema Form = new() { Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema() } };

    private readonly TaskCompletionSource<Exception> fault = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    [Spec("2025-11-25 basic/utilities/progress §Progress Flow")]
    public async Task A_question_has_an_id_of_its_own_and_a_progress_token()
    {
        await using var client = await AskedClient.ConnectAsync(Asking(), Latest);
        var call = await client.CallAsync("ask");
        var question = await client.NextAsync("elicitation/create");
        await client.AnswerAsync(question, """{"action":"accept","content":{"name":"Ada"}}""");

        question.GetProperty("id").GetInt32().Should().Be(1);
        question.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetInt32().Should().Be(1);
        (await client.NextAsync()).GetProperty("id").GetInt32().Should().Be(call);
    }

    [Test]
    [Spec("2025-11-25 client/sampling §Error Handling")]
    public async Task An_error_of_the_client_is_told_to_the_handler()
    {
        await using var client = await AskedClient.ConnectAsync(Asking(), Latest);
        var call = await client.CallAsync("ask");
        await client.RefuseAsync(await client.NextAsync("elicitation/create"), -1, "User rejected");

        var refused = (JsonRpcException)await fault.Task.WaitAsync(Patience);
        refused.Code.Should().Be(-1);
        var response = await client.NextAsync();
        response.GetProperty("id").GetInt32().Should().Be(call);
        response.GetProperty("error").GetProperty("message").GetString().Should().Be("User rejected");
    }

    [TestCase("""{"action":"maybe"}""", "/action")]
    [TestCase("""{"action":"accept","content":{"name":5}}""", "/content/name: expected a string, received 5")]
    [TestCase("[]", "must be an object")]
    [TestCase("7", "must be an object")]
    [Spec("2025-11-25 client/elicitation §Form Mode Security")]
    public async Task An_answer_of_another_shape_is_the_clients_fault(string answer, string words)
    {
        await using var client = await AskedClient.ConnectAsync(Asking(), Latest);
        await client.CallAsync("ask");
        await client.AnswerAsync(await client.NextAsync("elicitation/create"), answer);

        (await fault.Task.WaitAsync(Patience)).Message.Should().Contain(words).And.Contain("'elicitation/create'");
        (await client.NextAsync()).GetProperty("result").GetProperty("isError").GetBoolean().Should().BeTrue();
    }

    [Test]
    [Spec("2025-11-25 basic/lifecycle §Timeouts")]
    public async Task A_question_that_nobody_answers_ends_and_is_taken_back()
    {
        var time = new ManualTime();
        await using var client = await AskedClient.ConnectAsync(Asking(new() { TimeProvider = time }), Latest);
        await client.CallAsync("ask");
        var question = await client.NextAsync("elicitation/create");
        time.Advance(TimeSpan.FromMinutes(11));

        (await fault.Task.WaitAsync(Patience)).Should().BeOfType<RequestTimedOutException>();
        var cancelled = await client.NextAsync("notifications/cancelled");
        cancelled.GetProperty("params").GetProperty("requestId").GetRawText().Should().Be(question.GetProperty("id").GetRawText());
        (await client.NextAsync()).GetProperty("result").GetProperty("isError").GetBoolean().Should().BeTrue();

        // Too late, and twice: nobody waits any more, and nothing breaks.
        await client.AnswerAsync(question, """{"action":"cancel"}""");
        await client.AnswerAsync(question, """{"action":"cancel"}""");
        await client.SendAsync(Wire.Ping("9"));
        (await client.NextAsync()).GetProperty("id").GetInt32().Should().Be(9);
    }

    [Test]
    [Spec("2025-11-25 basic/lifecycle §Timeouts")]
    public async Task Progress_of_the_client_keeps_a_question_waiting()
    {
        var time = new ManualTime();
        await using var client = await AskedClient.ConnectAsync(Asking(new() { TimeProvider = time }), Latest);
        await client.CallAsync("ask");
        var question = await client.NextAsync("elicitation/create");
        for (var minutes = 0; minutes < 30; minutes += 6)
        {
            time.Advance(TimeSpan.FromMinutes(6));
            await client.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":{{{minutes}}} } }""");
            await client.SendAsync(Wire.Ping("8"));
            await client.NextAsync();
        }

        await client.AnswerAsync(question, """{"action":"accept","content":{"name":"Ada"}}""");
        AskedClient.TextOf(await client.NextAsync()).Should().Be("Ada");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/cancellation §Behavior Requirements")]
    public async Task A_call_that_is_cancelled_takes_its_question_back()
    {
        await using var client = await AskedClient.ConnectAsync(Asking(), Latest);
        var call = await client.CallAsync("ask");
        var question = await client.NextAsync("elicitation/create");
        await client.SendAsync(Wire.Cancelled($"{call}"));

        (await client.NextAsync("notifications/cancelled")).GetProperty("params").GetProperty("requestId").GetRawText()
            .Should().Be(question.GetProperty("id").GetRawText());
        (await fault.Task.WaitAsync(Patience)).Should().BeAssignableTo<OperationCanceledException>();
    }

    [Test]
    public async Task The_end_of_the_conversation_ends_the_wait()
    {
        var client = await AskedClient.ConnectAsync(Asking(), Latest);
        await client.CallAsync("ask");
        await client.NextAsync("elicitation/create");
        await client.DisposeAsync();

        (await fault.Task.WaitAsync(Patience)).Should().Match(reason => reason is TransportClosedException || reason is OperationCanceledException);
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Sending Messages to the Server")]
    public async Task Over_http_a_question_leaves_on_the_stream_of_its_request_and_the_answer_is_a_post()
    {
        await using var handler = new McpHttpHandler(Asking());
        var session = await OpenAsync(handler);
        var call = session.Post(Wire.LegacyCall("ask"));
        var calling = handler.HandleAsync(call).AsTask();
        var question = await QuestionOnAsync(call);
        var answer = session.Post($$$"""{"jsonrpc":"2.0","id":{{{question.GetProperty("id").GetRawText()}}},"result":{"action":"accept","content":{"name":"Ada"} } }""");
        await handler.HandleAsync(answer);
        await calling.WaitAsync(Patience);

        answer.Status.Should().Be(202);
        call.Body.IndexOf("notifications/message", StringComparison.Ordinal).Should().BePositive()
            .And.BeLessThan(call.Body.IndexOf("elicitation/create", StringComparison.Ordinal), "what was said first leaves first");
        call.Body.Should().Contain("\"text\":\"Ada\"");
    }

    [Test]
    [Spec("2025-11-25 client/elicitation §Security Considerations", 1)]
    [Spec("2025-11-25 client/elicitation §Statefulness", 3)]
    public async Task An_answer_that_comes_with_another_session_reaches_nobody()
    {
        await using var handler = new McpHttpHandler(Asking());
        var (session, other) = (await OpenAsync(handler), await OpenAsync(handler));
        var call = session.Post(Wire.LegacyCall("ask"));
        var calling = handler.HandleAsync(call).AsTask();
        var question = await QuestionOnAsync(call);
        string Answer(string name) =>
            $$$"""{"jsonrpc":"2.0","id":{{{question.GetProperty("id").GetRawText()}}},"result":{"action":"accept","content":{"name":"{{{name}}}"} } }""";

        await handler.HandleAsync(other.Post(Answer("Mallory")));
        await handler.HandleAsync(session.Post(Answer("Ada")));
        await calling.WaitAsync(Patience);

        call.Body.Should().Contain("\"text\":\"Ada\"");
    }

    [Test]
    [Spec("2025-11-25 basic §Responses")]
    public async Task Over_http_an_answer_that_is_no_response_fails_the_question_in_its_own_session_alone()
    {
        await using var handler = new McpHttpHandler(Asking());
        var (session, other) = (await OpenAsync(handler), await OpenAsync(handler));
        var call = session.Post(Wire.LegacyCall("ask"));
        var calling = handler.HandleAsync(call).AsTask();
        var question = await QuestionOnAsync(call);
        var noResponse = $$"""{"jsonrpc":"2.0","id":{{question.GetProperty("id").GetRawText()}},"result":7}""";

        foreach (var elsewhere in new[] { other.Post(noResponse), session.Post(noResponse).With("Mcp-Session-Id", null), session.Post(noResponse).With("Mcp-Session-Id", "gone") })
        {
            await handler.HandleAsync(elsewhere);
            elsewhere.Status.Should().Be(400);
        }

        calling.IsCompleted.Should().BeFalse();
        var answer = session.Post(noResponse);
        await handler.HandleAsync(answer);
        await calling.WaitAsync(Patience);

        answer.Status.Should().Be(400);
        (await fault.Task.WaitAsync(Patience)).Should().BeOfType<ProtocolFaultException>().Which.Message.Should().Contain("'elicitation/create'");
        call.Body.Should().Contain("\"isError\":true");
    }

    [Test]
    public async Task A_question_to_a_client_that_left_and_cannot_come_back_fails_at_once()
    {
        await using var handler = new McpHttpHandler(SamplingServer());
        var session = await OpenAsync(handler, "2024-11-05");
        var call = session.Post(Wire.LegacyCall("ask"));
        call.ClientIsGone = true;
        await handler.HandleAsync(call).AsTask().WaitAsync(Patience);

        (await fault.Task.WaitAsync(Patience)).Should().BeOfType<TransportClosedException>();
    }

    [Test]
    [Spec("2024-11-05 basic/transports §HTTP with SSE")]
    public async Task Over_http_with_sse_an_answer_that_is_no_response_fails_the_question()
    {
        await using var handler = new McpHttpHandler(SamplingServer());
        var stream = new FakeHttpExchange("GET", "/sse");
        var listening = handler.HandleAsync(stream).AsTask();
        var address = (await stream.NextWriteAsync()).Split("data: ")[1].Trim();
        await PostAsync(Wire.Initialize("2024-11-05").Replace("\"capabilities\":{}", $"\"capabilities\":{AskedClient.Everything}", StringComparison.Ordinal));
        await stream.NextWriteAsync();
        await PostAsync(Wire.LegacyCall("ask"));
        (await stream.NextWriteAsync()).Should().Contain("sampling/createMessage");
        (await PostAsync("""{"jsonrpc":"2.0","id":1,"result":7}""")).Status.Should().Be(400);

        (await fault.Task.WaitAsync(Patience)).Should().BeOfType<ProtocolFaultException>();
        await handler.StopAsync();
        await listening.WaitAsync(Patience);

        async Task<FakeHttpExchange> PostAsync(string body)
        {
            var post = new FakeHttpExchange("POST", address, body);
            _ = handler.HandleAsync(post).AsTask();
            await post.NextWriteAsync();
            return post;
        }
    }

    [Test]
    public async Task Who_asks_after_the_conversation_has_closed_does_not_wait()
    {
        var server = new McpServer("late", "1.0.0");
        var (started, closed) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.AddTool("late", "Asks too late", async (RequestContext context, CancellationToken cancellation) =>
        {
            context.Exchange.Conversation!.Closing.Register(() => closed.TrySetResult());
            started.TrySetResult();
            await closed.Task;
            try
            {
                return (await context.ElicitAsync("name", "Name?", Form, cancellation)).Action.ToString();
            }
            catch (Exception reason)
            {
                fault.TrySetResult(reason);
                throw;
            }
        });
        var client = await AskedClient.ConnectAsync(server, Latest);
        await client.CallAsync("late");
        await started.Task.WaitAsync(Patience);
        await client.DisposeAsync();

        (await fault.Task.WaitAsync(Patience)).Should().BeOfType<TransportClosedException>().Which.Message.Should().Contain("over");
    }

    [Test]
    public async Task A_session_that_ends_while_it_is_asked_frees_the_handler()
    {
        await using var handler = new McpHttpHandler(Asking());
        var session = await OpenAsync(handler);
        var call = session.Post(Wire.LegacyCall("ask"));
        var calling = handler.HandleAsync(call).AsTask();
        await QuestionOnAsync(call);
        await handler.HandleAsync(session.Request("DELETE"));
        await calling.WaitAsync(Patience);

        (await fault.Task.WaitAsync(Patience)).Should().Match(reason => reason is TransportClosedException || reason is OperationCanceledException);
    }

    [Test]
    public async Task A_client_that_takes_no_events_cannot_be_asked_and_is_told_so()
    {
        await using var handler = new McpHttpHandler(Asking());
        var session = await OpenAsync(handler);
        var call = session.Post(Wire.LegacyCall("ask")).With("Accept", "application/json");
        await handler.HandleAsync(call).AsTask().WaitAsync(Patience);

        call.Body.Should().Contain("error").And.Contain("Accept");
    }

    [Test]
    [Spec("2025-11-25 client/elicitation §URL Mode Elicitation Requests", 1, 2)]
    [Spec("2025-11-25 client/elicitation §Completion Notifications for URL Mode Elicitation", 1, 2)]
    [Spec("2025-11-25 client/elicitation §Elicitation Requests", 1)]
    public async Task A_page_has_an_id_under_which_the_user_is_told_to_be_done()
    {
        var server = new McpServer("pages", "1.0.0");
        RequestContext? asked = null;
        server.AddTool("login", "Sends the user to a page", async (RequestContext context) =>
        {
            asked = context;
            return (await context.ElicitUrlAsync("login", "Log in", new Uri("https://example.com/login"))).ToString();
        });
        await using var client = await AskedClient.ConnectAsync(server, Latest);
        await using var other = await AskedClient.ConnectAsync(server, Latest);
        await client.CallAsync("login");
        var question = await client.NextAsync("elicitation/create");
        await client.AnswerAsync(question, """{"action":"accept"}""");
        AskedClient.TextOf(await client.NextAsync()).Should().Be("Accept");
        await asked!.CompleteElicitationAsync("login");
        await asked.CompleteElicitationAsync("another");

        var page = question.GetProperty("params");
        page.GetProperty("mode").GetString().Should().Be("url");
        page.GetProperty("message").GetString().Should().Be("Log in");
        page.GetProperty("url").GetString().Should().Be("https://example.com/login");
        (await client.NextAsync("notifications/elicitation/complete")).GetProperty("params").GetProperty("elicitationId").GetString()
            .Should().Be(page.GetProperty("elicitationId").GetString()).And.HaveLength(36);
        await other.SendAsync(Wire.Ping("77"));
        (await other.NextAsync()).GetProperty("id").GetInt32().Should().Be(77, "nothing was told to who was not asked");
    }

    [Test]
    [Spec("2025-11-25 client/elicitation §URL Elicitation Required Error", 1, 2, 3)]
    [Spec("2026-07-28 client/elicitation §URL Mode Flow")]
    [Spec("2025-11-25 client/elicitation §Error Handling", 1)]
    [Spec("2026-07-28 client/elicitation §URL Mode Elicitation Requests", 1, 2)]
    [Spec("2026-07-28 basic §Error Codes", 5)]
    public async Task A_page_that_is_needed_first_is_an_error_in_sessions_and_a_question_without()
    {
        var server = new McpServer("pages", "1.0.0");
        var (done, asked) = (false, default(RequestContext));
        server.AddTool("read", "Needs a login", (RequestContext context) =>
        {
            asked = context;
            return done ? "the files" : throw new UrlElicitationRequiredException("login", "Log in first.", new Uri("https://example.com/login"));
        });

        await using (var client = await AskedClient.ConnectAsync(server, Latest))
        {
            await client.CallAsync("read");
            var error = (await client.NextAsync()).GetProperty("error");
            error.GetProperty("code").GetInt32().Should().Be(ErrorCode.UrlElicitationRequired);
            var page = error.GetProperty("data").GetProperty("elicitations")[0];
            page.GetProperty("mode").GetString().Should().Be("url");
            page.GetProperty("elicitationId").GetString().Should().NotBeEmpty();
            await asked!.CompleteElicitationAsync("login");
            (await client.NextAsync("notifications/elicitation/complete")).GetProperty("params").GetProperty("elicitationId").GetString()
                .Should().Be(page.GetProperty("elicitationId").GetString());
        }

        await using (var client = await AskedClient.ConnectAsync(server, KnownRevisions.V20260728))
        {
            var answer = await client.TextAsync("read", question =>
            {
                var page = question.GetProperty("params");
                page.GetProperty("mode").GetString().Should().Be("url");
                page.GetProperty("message").GetString().Should().Be("Log in first.");
                page.GetProperty("url").GetString().Should().Be("https://example.com/login");
                page.TryGetProperty("elicitationId", out _).Should().BeFalse();
                done = true;
                return """{"action":"accept"}""";
            });
            answer.Should().Be("the files");
        }

        done = false;
        await using (var client = await AskedClient.ConnectAsync(server, KnownRevisions.V20250618))
        {
            await client.CallAsync("read");
            (await client.NextAsync()).GetProperty("error").GetProperty("code").GetInt32().Should().Be(ErrorCode.MissingRequiredClientCapability);
        }
    }

    [TestCase("2024-11-05")]
    [TestCase("2025-03-26")]
    [Spec("2025-03-26 client/sampling §Creating Messages")]
    [Spec("2024-11-05 client/roots §Listing Roots")]
    [Spec("2026-07-28 client/sampling §Messages", 1)]
    public async Task The_oldest_revisions_have_models_and_folders_but_no_forms(string version)
    {
        var server = new McpServer("old", "1.0.0");
        server.AddTool("ask", "Asks", async (RequestContext context) =>
        {
            var said = await context.SampleAsync("a", new CreateMessageRequestParams
            {
                Messages =
                [
                    new() { Role = Role.User, Content = [new TextContent { Text = "Hear" }, new AudioContent { Data = new byte[] { 1 }, MimeType = "audio/wav" }] },
                ],
                IncludeContext = IncludeContext.ThisServer,
                MaxTokens = 5,
            });
            return $"{((TextContent)said.Content[0]).Text} {(await context.ListRootsAsync())[0].Name}";
        });
        server.AddTool("form", "Asks", async (RequestContext context) => (await context.ElicitAsync("a", "A?", Form)).Action);
        await using var client = await AskedClient.ConnectAsync(server, KnownRevisions.Find(version)!);
        JsonElement messages = default;

        var text = await client.TextAsync("ask", question =>
        {
            if (question.GetProperty("method").GetString() == "roots/list")
                return """{"roots":[{"uri":"file:///home","name":"home"}]}""";
            messages = question.GetProperty("params").GetProperty("messages").Clone();
            return """{"role":"assistant","content":{"type":"text","text":"heard"},"model":"m"}""";
        });

        text.Should().Be("heard home");
        messages.EnumerateArray().Select(message => message.GetProperty("content").GetProperty("type").GetString())
            .Should().Equal("text", version == "2024-11-05" ? "text" : "audio");
        (await client.AskedAsync("form", _ => throw new InvalidOperationException("asked"))).GetProperty("error").GetProperty("code").GetInt32()
            .Should().Be(ErrorCode.MissingRequiredClientCapability);
    }

    [Test]
    [Spec("2025-06-18 client/elicitation §Supported Schema Types")]
    public async Task Choices_with_names_are_reworded_for_the_revision_that_has_other_words_and_several_choices_refused()
    {
        var server = new McpServer("choices", "1.0.0", new McpServerOptions { IncludeExceptionMessages = true });
        server.AddTool("one", "Asks", async (RequestContext context) => (await context.ElicitAsync("a", new ElicitRequestFormParams
        {
            Mode = ElicitModes.Form,
            Message = "Which?",
            RequestedSchema = new ElicitSchema
            {
                Properties = new Dictionary<string, PrimitiveSchema>
                {
                    ["color"] = new TitledSingleSelectEnumSchema { OneOf = [new() { Const = "#f00", Title = "Red" }, new() { Const = "#0f0", Title = "Green" }] },
                },
            },
        })).Content!["color"].GetString());
        server.AddTool("several", "Asks", async (RequestContext context) => (await context.ElicitAsync("a", "Which?", new ElicitSchema
        {
            Properties = new Dictionary<string, PrimitiveSchema> { ["colors"] = new UntitledMultiSelectEnumSchema { Items = new() { Enum = ["red", "green"] } } },
        })).Action);
        await using var client = await AskedClient.ConnectAsync(server, KnownRevisions.V20250618);
        JsonElement asked = default;

        var color = await client.TextAsync("one", question =>
        {
            asked = question.GetProperty("params").Clone();
            return """{"action":"accept","content":{"color":"#0f0"}}""";
        });

        color.Should().Be("#0f0");
        asked.TryGetProperty("mode", out _).Should().BeFalse();
        asked.GetProperty("requestedSchema").GetProperty("properties").GetProperty("color").GetRawText()
            .Should().Contain("""["#f00","#0f0"]""").And.Contain(""""enumNames":["Red","Green"]"""").And.NotContain("oneOf");
        (await client.TextAsync("several", _ => throw new InvalidOperationException("asked"))).Should().Contain("'colors'").And.Contain("boolean");
    }

    private McpServer Asking(McpServerOptions? options = null)
    {
        var server = new McpServer("asks", "1.0.0", options);
        server.AddTool("ask", "Asks", async (RequestContext context) =>
        {
            await context.NotifyAsync("notifications/message", JsonBody.Of(
                new LoggingMessageNotificationParams { Level = LoggingLevel.Info, Data = JsonElement.Parse("1") }, McpJson.Wire.LoggingMessageNotificationParams));
            try
            {
                return (await context.ElicitAsync("name", "Name?", Form)).Content?["name"].GetString() ?? "nothing";
            }
            catch (Exception reason)
            {
                fault.TrySetResult(reason);
                throw;
            }
        });
        return server;
    }

    private McpServer SamplingServer()
    {
        var server = new McpServer("asks", "1.0.0");
        server.AddTool("ask", "Asks", async (RequestContext context) =>
        {
            try
            {
                return (await context.SampleAsync("a", "A?")).Model;
            }
            catch (Exception reason)
            {
                fault.TrySetResult(reason);
                throw;
            }
        });
        return server;
    }

    private static async Task<Sessions> OpenAsync(McpHttpHandler handler, string version = "2025-11-25")
    {
        var request = new FakeHttpExchange("POST", "/mcp", Wire.Initialize(version).Replace("\"capabilities\":{}", $"\"capabilities\":{AskedClient.Everything}", StringComparison.Ordinal));
        await handler.HandleAsync(request);
        return new Sessions(request.ResponseHeaders["Mcp-Session-Id"], version, null);
    }

    private static async Task<JsonElement> QuestionOnAsync(FakeHttpExchange call)
    {
        while (true)
        {
            var written = await call.NextWriteAsync();
            foreach (var line in written.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
            {
                var message = JsonElement.Parse(line["data: ".Length..]);
                if (message.TryGetProperty("method", out var method) && method.GetString() == "elicitation/create")
                    return message;
            }
        }
    }
}
