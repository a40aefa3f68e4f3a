using System.Text.Json;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>Schemas and entities of the personal database over REST, in all the forms that the seed has.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PersonalDbRestTests
{
    private static readonly string[] Owned = ["name"];

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
    public async Task A_new_store_has_the_schema_of_persons()
    {
        var list = (await administrator.GetAsync("api/schemas")).Json.GetProperty("schemas");
        var one = await administrator.GetAsync("api/schemas/Person");
        var named = await administrator.GetAsync("api/schemas?type=Person");

        list.EnumerateArray().Select(schema => schema.GetProperty("type").GetString()).Should().Contain("Person");
        one.Json.GetProperty("type").GetString().Should().Be("Person");
        one.Json.GetProperty("schema").GetProperty("required").ToString().Should().Be("""["firstName","lastName"]""");
        one.Json.GetProperty("schema").GetProperty("additionalProperties").GetBoolean().Should().BeFalse();
        named.Text.Should().Be(one.Text);
    }

    [Test]
    public async Task A_schema_is_made_changed_and_removed_by_its_name_in_body_and_query()
    {
        var created = await administrator.PostAsync("api/schemas", new { type = "Dog", schema = new { type = "object", required = Owned } });
        created.Status.Should().Be(201);
        Members(created).Should().Equal("status", "schema_type", "id");
        created.Json.GetProperty("status").GetString().Should().Be("created");

        var again = await administrator.PostAsync("api/schemas", new { type = "Dog", schema = new { } });
        again.Status.Should().Be(400);
        again.Description.Should().Be("Schema for type 'Dog' already exists");

        var updated = await administrator.PutAsync("api/schemas", new { type = "Dog", schema = new { title = "Dog" } });
        updated.Text.Should().Be("""{"status":"updated","schema_type":"Dog"}""");
        (await administrator.GetAsync("api/schemas?type=Dog")).Text.Should().Be("""{"type":"Dog","schema":{"title":"Dog"}}""");

        (await administrator.DeleteAsync("api/schemas?type=Dog")).Text.Should().Be("""{"status":"deleted","schema_type":"Dog"}""");
        var gone = await administrator.GetAsync("api/schemas?type=Dog");
        gone.Status.Should().Be(404);
        gone.Text.Should().Be("""{"title":"404 Not Found","description":"Schema 'Dog' not found"}""");
    }

    [Test]
    public async Task A_schema_is_changed_and_removed_under_its_own_address()
    {
        await administrator.PostAsync("api/schemas", new { type = "Größe", schema = new { } });

        var updated = await administrator.PutAsync("api/schemas/Größe", new { schema = new { title = "Größe" } });
        updated.Text.Should().Be("""{"status":"updated","type":"Größe"}""");
        (await administrator.DeleteAsync("api/schemas/Größe")).Text.Should().Be("""{"status":"deleted","type":"Größe"}""");

        (await administrator.PutAsync("api/schemas/Größe", new { schema = new { } })).Status.Should().Be(404);
        (await administrator.DeleteAsync("api/schemas/Größe")).Status.Should().Be(404);
    }

    [Test]
    public async Task An_entity_is_made_read_changed_and_removed_under_its_own_address()
    {
        var user = await program.RegisterAsync("rest-own");
        var created = await user.PostAsync("api/schemas/Person/entities", new { data = new { firstName = "Ada", lastName = "L" } });
        created.Status.Should().Be(201);
        Members(created).Should().Equal("status", "id", "type");
        var id = created.Json.GetProperty("id").GetString();
        var path = $"api/schemas/Person/entities/{id}";

        (await user.GetAsync(path)).Text.Should().Be($$$"""{"id":"{{{id}}}","type":"Person","data":{"firstName":"Ada","lastName":"L"}}""");
        var updated = await user.PutAsync(path, new { data = new { firstName = "Eve", lastName = "L" } });
        updated.Text.Should().Be($$"""{"status":"updated","id":"{{id}}","type":"Person"}""");
        (await user.GetAsync("api/schemas/Person/entities")).Text.Should().Be(
            $$$"""{"type":"Person","entities":[{"id":"{{{id}}}","data":{"firstName":"Eve","lastName":"L"}}]}""", "a list is never older than what it lists");
        (await user.DeleteAsync(path)).Text.Should().Be($$"""{"status":"deleted","id":"{{id}}","type":"Person"}""");

        (await user.GetAsync(path)).Status.Should().Be(404);
        (await user.PutAsync(path, new { data = new { firstName = "Eve", lastName = "L" } })).Status.Should().Be(404);
        (await user.DeleteAsync(path)).Description.Should().Be("Entity not found or not owned by user");
    }

    [Test]
    public async Task An_entity_is_read_changed_and_removed_by_its_id_in_query_and_body()
    {
        var user = await program.RegisterAsync("rest-named");
        var id = await user.AddPersonAsync("Ada");

        (await user.GetAsync($"api/schemas/Person/entities?_id={id}")).Json.GetProperty("data").GetProperty("firstName").GetString().Should().Be("Ada");
        var updated = await user.PutAsync("api/schemas/Person/entities", new { _id = id, data = new { firstName = "Eve", lastName = "L" } });
        updated.Text.Should().Be($$"""{"status":"updated","_id":"{{id}}","type":"Person"}""");
        var deleted = await user.DeleteAsync($"api/schemas/Person/entities?_id={id}");
        deleted.Text.Should().Be($$"""{"status":"deleted","_id":"{{id}}","type":"Person"}""");
        (await user.GetAsync($"api/schemas/Person/entities?_id={id}")).Status.Should().Be(404);
    }

    [Test]
    public async Task What_was_put_in_comes_out_letter_by_letter()
    {
        await administrator.PostAsync("api/schemas", new { type = "Anything", schema = new { } });
        const string Data = """{"date":"2025-03-26","id":"507f1f77bcf86cd799439011","big":12345678901234567890,"small":1.50,"text":"<é & 字>","none":null}""";
        using var content = new StringContent($$"""{ "data": {{Data.Replace(",", ",\n ", StringComparison.Ordinal)}} }""", null, "application/json");

        var id = (await administrator.SendAsync("POST", "api/schemas/Anything/entities", content)).Json.GetProperty("id").GetString();

        var read = await administrator.GetAsync($"api/schemas/Anything/entities/{id}");
        read.Text.Should().Contain($"\"data\":{Data}", "a date stays a string, and a number the number that it was");
    }

    [Test]
    public async Task Entities_of_one_type_are_not_found_as_those_of_another()
    {
        var user = await program.RegisterAsync("rest-typed");
        var id = await user.AddPersonAsync("Ada");

        (await user.GetAsync($"api/schemas/Anything/entities/{id}")).Status.Should().Be(404);
        (await user.DeleteAsync($"api/schemas/Anything/entities/{id}")).Status.Should().Be(404);
        (await user.GetAsync($"api/schemas/Person/entities/{id}")).Status.Should().Be(200);
    }

    [TestCase("""{"data":{"firstName":"Ada"}}""", "The data does not fit the schema of 'Person': (root): expected the required property \"lastName\"*")]
    [TestCase("""{"data":{"firstName":1,"lastName":"L"}}""", "*'Person': /firstName: expected *")]
    [TestCase("""{"data":{"firstName":"A","lastName":"L","age":1}}""", "*'Person': *age*")]
    [TestCase("""{"data":[]}""", "Must provide 'data' (object)")]
    [TestCase("{}", "Must provide 'data' (object)")]
    public async Task Data_that_does_not_fit_is_refused_in_words(string body, string description)
    {
        using var content = new StringContent(body, null, "application/json");

        var answer = await administrator.SendAsync("POST", "api/schemas/Person/entities", content);

        answer.Status.Should().Be(400);
        answer.Description.Should().Match(description);
        answer.Json.GetProperty("title").GetString().Should().Be("400 Bad Request");
    }

    [Test]
    public async Task A_type_without_a_schema_takes_no_entities()
    {
        var answer = await administrator.PostAsync("api/schemas/X/entities", new { data = new { } });

        answer.Status.Should().Be(400);
        answer.Description.Should().Be("No schema found for type 'X'");
        (await administrator.GetAsync("api/schemas/X/entities")).Text.Should().Be("""{"type":"X","entities":[]}""");
    }

    [TestCase("""{"type":"Bad","schema":{"type":"objekt"}}""", "Invalid JSON Schema: *")]
    [TestCase("""{"type":"Bad","schema":{"$ref":"https://example.com/schema"}}""", "Invalid JSON Schema: *")]
    [TestCase("""{"type":"Bad","schema":{"$schema":"http://json-schema.org/draft-04/schema#"}}""", "Invalid JSON Schema: *")]
    [TestCase("""{"type":"a/b","schema":{}}""", "A type's name has from 1 to 64 letters, digits, '_' and '-'")]
    [TestCase("""{"type":"..","schema":{}}""", "A type's name has from 1 to 64 letters, digits, '_' and '-'")]
    [TestCase("""{"type":"Bad","schema":true}""", "Must provide 'type' (string) and 'schema' (object)")]
    [TestCase("""{"schema":{}}""", "Must provide 'type' (string) and 'schema' (object)")]
    public async Task A_schema_that_is_none_is_refused_in_words(string body, string description)
    {
        using var content = new StringContent(body, null, "application/json");

        var answer = await administrator.SendAsync("POST", "api/schemas", content);

        answer.Status.Should().Be(400);
        answer.Description.Should().Match(description);
    }

    [Test]
    public async Task What_is_too_large_or_too_deep_is_refused()
    {
        await administrator.PostAsync("api/schemas", new { type = "Open", schema = new { } });
        using var deep = new StringContent("{\"data\":{\"a\":" + new string('[', 40) + new string(']', 40) + "}}", null, "application/json");

        var large = await administrator.PostAsync("api/schemas/Open/entities", new { data = new { text = new string('x', 70_000) } });
        var nested = await administrator.SendAsync("POST", "api/schemas/Open/entities", deep);

        large.Status.Should().Be(400);
        large.Description.Should().Be("'data' has more than 65536 bytes");
        nested.Status.Should().Be(400);
        nested.Description.Should().Be("'data' has more than 32 levels of objects and arrays");
    }

    [Test]
    public async Task One_user_cannot_fill_the_store()
    {
        await administrator.PostAsync("api/schemas", new { type = "Filler", schema = new { } });
        var user = await program.RegisterAsync("greedy");
        var data = new { data = new { text = new string('x', 60_000) } };
        List<RestReply> answers = [];
        for (var i = 0; i < 75 && (answers.Count == 0 || answers[^1].Status == 201); i++)
            answers.Add(await user.PostAsync("api/schemas/Filler/entities", data));

        answers[^1].Status.Should().Be(507);
        answers[^1].Description.Should().StartWith("You have 1000 entities, or 4194304 bytes");
        answers.Should().HaveCount(70);
        (await (await program.RegisterAsync("modest")).PostAsync("api/schemas/Filler/entities", data)).Status.Should().Be(201);
    }

    [TestCase("PATCH", "api/schemas", "GET, POST, PUT, DELETE")]
    [TestCase("POST", "api/schemas/Person", "GET, PUT, DELETE")]
    [TestCase("PATCH", "api/schemas/Person/entities", "GET, POST, PUT, DELETE")]
    [TestCase("POST", "api/schemas/Person/entities/1", "GET, PUT, DELETE")]
    [TestCase("GET", "api/auth/login", "POST")]
    [TestCase("GET", "api/auth/register", "POST")]
    [TestCase("GET", "api/auth/logout", "POST")]
    [TestCase("POST", "api/auth/me", "GET")]
    public async Task Another_verb_is_answered_with_those_that_are_known(string verb, string path, string allowed)
    {
        var answer = await administrator.SendAsync(verb, path);

        answer.Status.Should().Be(405);
        answer.Headers["Allow"].Should().Be(allowed);
    }

    [TestCase("api/chat")]
    [TestCase("api/schemas/")]
    [TestCase("api/schemas/Person/entities/1/2")]
    public async Task Nothing_is_served_elsewhere(string path)
    {
        var answer = await administrator.GetAsync(path);

        answer.Status.Should().Be(404);
        answer.Description.Should().Be("Nothing is served at this path");
    }

    [Test]
    public async Task It_says_that_it_is_there_and_how_to_connect()
    {
        var health = await program.Nobody().GetAsync("health");
        var page = await program.Nobody().GetAsync("");

        health.Text.Should().Be("""{"status":"ok"}""");
        page.Headers["Content-Type"].Should().Be("text/html; charset=utf-8");
        page.Headers["Content-Security-Policy"].Should().StartWith("default-src 'none'; style-src 'sha256-");
        page.Text.Should().Contain($"\"url\": \"{program.Server.Root}api/mcp\"").And.NotContain("<script");
        (await program.Nobody().SendAsync("POST", "health")).Status.Should().Be(405);
    }

    private static IEnumerable<string> Members(RestReply reply) => reply.Json.EnumerateObject().Select(member => member.Name);
}
