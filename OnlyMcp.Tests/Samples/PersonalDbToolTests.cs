using System.Text.Json;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The ten tools of the personal database, over its guarded endpoint, with tokens of its own authorization server.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PersonalDbToolTests
{
    private static readonly string[] SchemasWrite = ["schemas:write"];

    private PersonalDbProgram program = null!;
    private RestCaller administrator = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        program = await PersonalDbProgram.OpenAsync();
        administrator = await program.SignInAsync(PersonalDbProgram.Administrator);
    }

    [OneTimeTearDown]
    public async Task Stop() => await program.DisposeAsync();

    [Test]
    public async Task They_have_the_names_descriptions_and_schemas_of_the_seed()
    {
        var recorded = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(TestData.Folder("seed-golden"), "only_mcp.tools.json")));
        using var person = PersonalDbAgent.Browser(PersonalDbProgram.Administrator);
        await using var client = await program.ConnectAsync(person, null, SchemasWrite);

        var tools = await client.ListToolsAsync().ToListAsync();

        tools.Select(tool => (tool.Name, tool.Description, Folded(tool.InputSchema))).Should().Equal(recorded.EnumerateArray()
            .Select(tool => (tool.Text("name"), (string?)tool.Text("description"), Folded(tool.GetProperty("parameters")))));
        tools.Should().OnlyContain(tool => tool.OutputSchema != null && tool.Annotations != null && tool.Annotations.OpenWorldHint == false);
        tools.Where(tool => tool.Annotations!.ReadOnlyHint == true).Select(tool => tool.Name).Should().Equal(
            "entities-list", "entities-read", "schemas-list", "schemas-read");
        tools.Where(tool => tool.Annotations!.DestructiveHint != false && tool.Annotations.ReadOnlyHint != true).Select(tool => tool.Name).Should().Equal(
            "entities-update", "entities-delete", "schemas-update", "schemas-delete");
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    [Spec("2026-07-28 server/tools §Structured Content")]
    public async Task Entities_are_made_read_changed_and_removed_with_the_answers_of_the_seed(string version)
    {
        await program.RegisterAsync($"agent-{version}");
        using var person = PersonalDbAgent.Browser($"agent-{version}");
        await using var client = await program.ConnectAsync(person, KnownRevisions.Find(version));
        (await client.AnswerAsync("entities-list", new { entity_type = "Person" })).Should().Be("""{"entities":[],"nextCursor":null}""");

        var attributes = new { firstName = "A", lastName = "B" };
        var id = JsonElement.Parse(await client.AnswerAsync("entities-create", new { entity_type = "Person", attributes })).Text("entity");
        var one = new { entity_type = "Person", id };
        (await client.AnswerAsync("entities-read", one)).Should().Be("""{"entity":{"firstName":"A","lastName":"B"}}""");
        (await client.AnswerAsync("entities-list", new { entity_type = "Person" })).Should().Be(
            $$$"""{"entities":[{"id":"{{{id}}}","data":{"firstName":"A","lastName":"B"}}],"nextCursor":null}""");
        (await client.AnswerAsync("entities-list", new { })).Should().Be(
            $$$"""{"entities":[{"id":"{{{id}}}","type":"Person","data":{"firstName":"A","lastName":"B"}}],"nextCursor":null}""");
        (await client.AnswerAsync("entities-update", new { entity_type = "Person", id, attributes = new { firstName = "C", lastName = "D" } }))
            .Should().Be("""{"entity":true}""");
        (await client.AnswerAsync("entities-read", one)).Should().Be("""{"entity":{"firstName":"C","lastName":"D"}}""");
        (await client.AnswerAsync("entities-delete", one)).Should().Be("""{"success":true}""");

        (await client.AnswerAsync("entities-read", one)).Should().Be("""{"entity":null}""");
        (await client.AnswerAsync("entities-update", new { entity_type = "Person", id, attributes })).Should().Be("""{"entity":false}""");
        (await client.AnswerAsync("entities-delete", one)).Should().Be("""{"success":false}""");
    }

    [Test]
    public async Task Schemas_are_made_read_changed_and_removed_with_the_answers_of_the_seed()
    {
        using var person = PersonalDbAgent.Browser(PersonalDbProgram.Administrator);
        await using var client = await program.ConnectAsync(person, null, SchemasWrite);

        JsonElement.Parse(await client.AnswerAsync("schemas-create", new { schema_type = "Tool", schema_obj = new { title = "Tool" } }))
            .Text("schema").Should().NotBeEmpty();
        (await client.AnswerAsync("schemas-read", new { schema_type = "Tool" })).Should().Be("""{"schema":{"title":"Tool"}}""");
        (await client.AnswerAsync("schemas-update", new { schema_type = "Tool", schema_obj = new { title = "Changed" } })).Should().Be("""{"schema":true}""");
        (await client.AnswerAsync("schemas-list", new { })).Should().Contain("""{"type":"Tool","schema":{"title":"Changed"}}""")
            .And.StartWith("""{"schemas":[{"type":"Person","schema":{""").And.EndWith("""],"nextCursor":null}""");
        (await client.AnswerAsync("schemas-delete", new { schema_type = "Tool" })).Should().Be("""{"success":true}""");

        (await client.AnswerAsync("schemas-read", new { schema_type = "Tool" })).Should().Be("""{"schema":null}""");
        (await client.AnswerAsync("schemas-update", new { schema_type = "Tool", schema_obj = new { } })).Should().Be("""{"schema":false}""");
        (await client.AnswerAsync("schemas-delete", new { schema_type = "Tool" })).Should().Be("""{"success":false}""");
    }

    [TestCase("entities-create", """{"entity_type":"X","attributes":{}}""", "No schema found for type 'X'")]
    [TestCase("entities-create", """{"entity_type":"Person","attributes":{"firstName":"A"}}""", "*does not fit the schema of 'Person'*\"lastName\"*")]
    [TestCase("entities-create", """{"entity_type":"Person"}""", "*input schema*\"attributes\"*")]
    [TestCase("entities-create", """{"entity_type":"Person","attributes":"A"}""", "*input schema*/attributes*")]
    [TestCase("schemas-create", """{"schema_type":"Person","schema_obj":{}}""", "Schema for type 'Person' already exists")]
    [TestCase("schemas-create", """{"schema_type":"Bad","schema_obj":{"type":"objekt"}}""", "Invalid JSON Schema: *")]
    [Spec("2026-07-28 server/tools §Error Handling")]
    public async Task What_will_not_do_is_told_to_the_model_in_words(string tool, string arguments, string words)
    {
        using var person = PersonalDbAgent.Browser(PersonalDbProgram.Administrator);
        await using var client = await program.ConnectAsync(person, null, SchemasWrite);

        var answer = await client.CallToolAsync(tool, JsonElement.Parse(arguments));

        answer.IsError.Should().BeTrue();
        answer.Text.Should().Match(words);
    }

    [Test]
    public async Task A_list_shows_what_the_person_has_allowed_and_a_call_can_ask_for_more()
    {
        using var person = PersonalDbAgent.Browser(PersonalDbProgram.Administrator);
        await using var client = await program.ConnectAsync(person);
        var before = await client.ToolNamesAsync();

        await client.AnswerAsync("schemas-create", new { schema_type = "StepUp", schema_obj = new { } });

        before.Should().HaveCount(7).And.NotContain("schemas-create");
        (await client.ToolNamesAsync()).Should().HaveCount(10);
    }

    [Test]
    public async Task Nobody_can_allow_what_he_may_not_do_himself()
    {
        await program.RegisterAsync("modest-agent");
        using var person = PersonalDbAgent.Browser("modest-agent");
        await using var client = await program.ConnectAsync(person);

        var creating = () => client.CallToolAsync("schemas-create", new { schema_type = "Mine", schema_obj = new { } });

        await creating.Should().ThrowAsync<AuthorizationException>();
        (await administrator.GetAsync("api/schemas/Mine")).Status.Should().Be(404);
        (await client.AnswerAsync("schemas-read", new { schema_type = "Person" })).Should().Contain("firstName");
    }

    [Test]
    public async Task A_permission_that_is_taken_away_is_missing_though_the_token_still_has_its_scope()
    {
        var user = await program.RegisterAsync("demoted-agent");
        using var person = PersonalDbAgent.Browser("demoted-agent");
        await using var client = await program.ConnectAsync(person);
        var id = (await user.GetAsync("api/auth/me")).Json.Text("user_id");

        await administrator.SendAsync("PATCH", $"api/permissions/{id}", new { entities = new { create = false } });

        var answer = await client.CallToolAsync("entities-create", new { entity_type = "Person", attributes = new { firstName = "A", lastName = "B" } });
        answer.IsError.Should().BeTrue();
        answer.Text.Should().Be("You are not allowed to create entities; an administrator can change that");
        (await client.AnswerAsync("entities-list", new { })).Should().Contain("entities");
    }

    [Test]
    public async Task Two_users_agents_never_see_each_others_entities()
    {
        await program.RegisterAsync("agent-ann");
        var bob = await program.RegisterAsync("agent-bob");
        using var annsBrowser = PersonalDbAgent.Browser("agent-ann");
        using var bobsBrowser = PersonalDbAgent.Browser("agent-bob");
        await using var annsAgent = await program.ConnectAsync(annsBrowser);
        await using var bobsAgent = await program.ConnectAsync(bobsBrowser);
        var attributes = new { firstName = "Ann's", lastName = "A" };
        var id = JsonElement.Parse(await annsAgent.AnswerAsync("entities-create", new { entity_type = "Person", attributes })).Text("entity");
        (await annsAgent.AnswerAsync("entities-read", new { entity_type = "Person", id })).Should().Contain("Ann's");

        var bobs = new { entity_type = "Person", id };
        (await bobsAgent.AnswerAsync("entities-read", bobs)).Should().Be("""{"entity":null}""");
        (await bobsAgent.AnswerAsync("entities-list", new { })).Should().Be("""{"entities":[],"nextCursor":null}""");
        (await bobsAgent.AnswerAsync("entities-update", new { entity_type = "Person", id, attributes })).Should().Be("""{"entity":false}""");
        (await bobsAgent.AnswerAsync("entities-delete", bobs)).Should().Be("""{"success":false}""");
        (await bob.GetAsync($"api/schemas/Person/entities/{id}")).Status.Should().Be(404);
        (await annsAgent.AnswerAsync("entities-read", new { entity_type = "Person", id })).Should().Contain("Ann's");
    }

    [Test]
    public async Task What_an_agent_made_is_there_over_rest_and_the_other_way_round()
    {
        var user = await program.RegisterAsync("both-ways");
        using var person = PersonalDbAgent.Browser("both-ways");
        await using var client = await program.ConnectAsync(person);
        var first = JsonElement.Parse(await client.AnswerAsync(
            "entities-create", new { entity_type = "Person", attributes = new { firstName = "Over MCP", lastName = "B" } })).Text("entity");
        var second = await user.AddPersonAsync("Over REST");

        (await user.GetAsync($"api/schemas/Person/entities/{first}")).Text.Should().Contain("Over MCP");
        (await client.AnswerAsync("entities-read", new { entity_type = "Person", id = second })).Should().Contain("Over REST");
    }

    private static string Folded(JsonElement element) => JsonSerializer.Serialize(element);
}
