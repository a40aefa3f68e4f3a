using System.Globalization;
using System.Text.Json;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>A server that is killed in the middle of its tasks, and started again on the same folder: the handle finds its task.</summary>
[Spec("ext-tasks tasks §Task Creation")]
public sealed class TaskServerKilledTests
{
    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("onlymcp-tasks-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    [Repeat(3)]
    public async Task What_a_client_was_told_stands_wherever_the_server_is_killed()
    {
        string id;
        await using (var life = new Life(folder))
        {
            id = await life.StartAsync("order", "{}");
        }

        await using (var life = new Life(folder))
        {
            (await life.UntilAsync(id, "input_required")).Questions().Should().Equal("name");
        }

        await using (var life = new Life(folder))
        {
            (await life.UntilAsync(id, "input_required")).Questions().Should().Equal("name");
            await life.AnswerAsync(id, "name", "Ada");
        }

        await using (var life = new Life(folder))
        {
            (await life.UntilAsync(id, "input_required", task => task.Questions().Contains("street"))).Questions().Should().Equal(["street"], "the name was given");
            await life.AnswerAsync(id, "street", "Main Street");
        }

        await using (var life = new Life(folder))
        {
            (await life.UntilAsync(id, "completed")).Text().Should().Be("Ada, Main Street");
        }

        await using (var life = new Life(folder))
        {
            (await life.GetAsync(id)).Text().Should().Be("Ada, Main Street");
        }

        // It may have been killed between the payment and the note of it, before anybody was told that it had got that far.
        (await File.ReadAllLinesAsync(Path.Combine(folder, "paid"))).Should().HaveCountLessThan(3).And.NotBeEmpty();
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(10)]
    [TestCase(30)]
    public async Task A_server_that_is_killed_as_it_keeps_a_result_has_it_or_works_for_it_again(int looks)
    {
        const int Length = 3_000_000;
        string id;
        await using (var life = new Life(folder))
        {
            id = await life.StartAsync("large", string.Create(CultureInfo.InvariantCulture, $$"""{"bytes":{{Length}} }"""));
            await life.UntilAsync(id, "input_required");
            await life.AnswerAsync(id, "name", "Ada");
            for (var i = 0; i < looks; i++)
                (await life.GetAsync(id)).Status().Should().BeOneOf("working", "completed");
        }

        await using (var life = new Life(folder))
        {
            (await life.UntilAsync(id, "completed")).Text().Should().HaveLength(Length).And.StartWith("AAA");
        }
    }

    [Test]
    public async Task A_tool_that_is_not_to_run_again_has_failed_and_says_why()
    {
        string id;
        await using (var life = new Life(folder))
        {
            id = await life.StartAsync("fragile", "{}");
            await life.UntilAsync(id, "input_required");
        }

        await using (var life = new Life(folder))
        {
            var failed = await life.GetAsync(id);
            failed.Status().Should().Be("failed");
            failed.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32603);
            failed.Message().Should().Contain("The server was stopped");
            failed.TryGetProperty("inputRequests", out _).Should().BeFalse();
        }
    }

    /// <summary>A server's process, from its start until it is killed, and its client.</summary>
    private sealed class Life(string folder) : IAsyncDisposable
    {
        private readonly ChildProcess child = ChildProcess.Start(Programs.Command("TaskServer", folder));
        private int lastId;

        public async Task<string> StartAsync(string tool, string arguments) =>
            (await SendAsync("tools/call", $"\"name\":\"{tool}\",\"arguments\":{arguments}")).GetProperty("taskId").GetString()!;

        public Task<JsonElement> GetAsync(string id) => SendAsync("tasks/get", $"\"taskId\":\"{id}\"");

        public Task<JsonElement> AnswerAsync(string id, string field, string value) => SendAsync(
            "tasks/update", $$$"""  "taskId":"{{{id}}}","inputResponses":{"{{{field}}}":{"action":"accept","content":{"{{{field}}}":"{{{value}}}"} } }  """);

        /// <summary>Asks until the task is so far.</summary>
        public async Task<JsonElement> UntilAsync(string id, string status, Func<JsonElement, bool>? isSo = null)
        {
            var patience = DateTime.UtcNow + TimeSpan.FromSeconds(60);
            while (true)
            {
                var task = await GetAsync(id);
                if (task.Status() == status && isSo?.Invoke(task) != false)
                    return task;
                (DateTime.UtcNow < patience && task.Status() is "working" or "input_required").Should().BeTrue(task.GetRawText());
            }
        }

        /// <summary>Kills the process.</summary>
        public async ValueTask DisposeAsync()
        {
            child.Kill();
            await child.EndAsync();
            await child.DisposeAsync();
        }

        private async Task<JsonElement> SendAsync(string method, string parameters)
        {
            await child.WriteLineAsync($$$"""
                {"jsonrpc":"2.0","id":{{{++lastId}}},"method":"{{{method}}}","params":{ {{{parameters}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{{{TaskCaller.Everything}}} } } }
                """.ReplaceLineEndings(""));
            var response = JsonElement.Parse(await child.ReadLineAsync());
            response.GetProperty("id").GetInt32().Should().Be(lastId, response.GetRawText());
            return response.GetProperty("result");
        }
    }
}
