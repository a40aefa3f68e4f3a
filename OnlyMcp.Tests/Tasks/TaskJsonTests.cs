using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Tests.Tasks;

/// <summary>Tasks as text.</summary>
public sealed class TaskJsonTests
{
    private static readonly StoredTask Full = Records.New("alice", DateTimeOffset.Parse("2026-07-28T12:34:56.7890123+02:00", null)) with
    {
        Version = long.MaxValue,
        Principal = new()
        {
            AuthenticationType = "Bearer",
            NameType = "sub",
            RoleType = "scope",
            Claims = [new("sub", "alice \"A\" <é\n\uD83D\uDE00>", "string", "https://issuer.example"), new("scope", "tools", "string", "")],
        },
        Parameters = Records.Json("""{"name":"count","arguments":{"to":12345678901234567890.5,"deep":[[[null,true,{"a":"ü"}]]]}}"""),
        ClientInfo = new() { Name = "client", Version = "1.0", Title = "A client" },
        ClientCapabilities = new()
        {
            Experimental = Members("own/thing", """{"x":[1,2]}"""),
            Roots = new() { ListChanged = true },
            Sampling = new() { Context = new(), Tools = new() { Other = Members("y", "1") } },
            Elicitation = new() { Form = new(), Url = new() },
            Tasks = new(),
            Extensions = Members(TasksExtension.Id, "{}"),
        },
        Status = McpTaskStatus.InputRequired,
        StatusMessage = "half of it",
        Progress = new() { Progress = 0.1, Total = 3, Message = "counting" },
        LastUpdatedAt = DateTimeOffset.MaxValue,
        TimeToLive = TimeSpan.FromTicks(123456789),
        PollInterval = TimeSpan.FromMilliseconds(1500),
        Questions = new Dictionary<string, TaskQuestion>
        {
            ["open"] = new() { Request = new() { Method = "elicitation/create", Params = Records.Json("""{"message":"Really?"}""") } },
            ["answered"] = new() { ToolKey = "open", Request = new() { Method = "roots/list" }, Answer = Records.Json("""{"roots":[]}""") },
            ["Refused"] = new()
            {
                Request = new() { Method = "sampling/createMessage", Params = Records.Json("{}") },
                Refusal = new() { Code = -1, Message = "no", Data = Records.Json("[1]") },
            },
        },
        UsedKeys = ["open", "answered", "Refused"],
        Inputs = Records.Json("""{"round":2,"known":{"a":{"asked":{"digest":"d"},"value":7}}}"""),
        Interruptions = 2,
        Result = Records.Json("""{"content":[{"type":"text","text":"3"}],"isError":true}"""),
        Error = new() { Code = -32603, Message = "it broke", Data = Records.Json("""{"why":"because"}""") },
    };

    [Test]
    public void A_task_comes_back_with_every_member()
    {
        Unset(Full).Should().BeEmpty("the test is about every member");

        var read = TaskJson.Read(TaskJson.Write(Full));

        read.Should().BeEquivalentTo(Full, options => options.ComparingByMembers<StoredTask>().Using<JsonElement>(
            pair => JsonElement.DeepEquals(pair.Subject, pair.Expectation).Should().BeTrue()).WhenTypeIs<JsonElement>());
        read.CreatedAt.Offset.Should().Be(TimeSpan.FromHours(2));
        read.Questions["Refused"].IsAnswered.Should().BeTrue();
        TaskJson.Write(read).Should().Equal(TaskJson.Write(Full));
    }

    [Test]
    public void A_task_with_nothing_but_what_it_must_have_comes_back()
    {
        var task = Records.New() with { TimeToLive = null };

        TaskJson.Read(TaskJson.Write(task)).Should().BeEquivalentTo(task, options => options.ComparingByMembers<StoredTask>()
            .Using<JsonElement>(pair => pair.Subject.GetRawText().Should().Be(pair.Expectation.GetRawText())).WhenTypeIs<JsonElement>());
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"taskId":null}""")]
    public void What_is_no_task_is_said_to_be_none(string text) =>
        FluentActions.Invoking(() => TaskJson.Read(Encoding.UTF8.GetBytes(text))).Should().Throw<JsonException>();

    [Test]
    public void A_status_of_a_later_version_is_no_task()
    {
        var later = Encoding.UTF8.GetString(TaskJson.Write(Full)).Replace("input_required", "paused", StringComparison.Ordinal);

        FluentActions.Invoking(() => TaskJson.Read(Encoding.UTF8.GetBytes(later))).Should().Throw<JsonException>();
    }

    [Test]
    public void A_file_that_ends_anywhere_is_said_to_be_damaged()
    {
        var whole = TaskJson.Write(Full);
        for (var length = 0; length < whole.Length; length++)
        {
            var part = whole[..length];
            FluentActions.Invoking(() => TaskJson.Read(part)).Should().Throw<JsonException>($"it has {length} bytes of {whole.Length}");
        }
    }

    private static Dictionary<string, JsonElement> Members(string name, string json) => new() { [name] = Records.Json(json) };

    private static IEnumerable<string> Unset(StoredTask task) =>
        typeof(StoredTask).GetProperties().Where(member => member.GetValue(task) is null).Select(member => member.Name);
}
