using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>Who may do what in the personal database, over REST.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PersonalDbPermissionTests
{
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
    public async Task Who_registers_gets_the_default_permissions()
    {
        var user = await program.RegisterAsync("default");
        var id = await IdOf(user);

        var answer = await user.GetAsync($"api/permissions/{id}");

        answer.Text.Should().Be($$$"""
            {"user_id":"{{{id}}}",
            "entities":{"create":true,"read":true,"update":true,"delete":true},
            "schemas":{"create":false,"read":true,"update":false,"delete":false}}
            """.ReplaceLineEndings(""));
    }

    [TestCase("POST", "api/schemas", "create schemas")]
    [TestCase("PUT", "api/schemas", "update schemas")]
    [TestCase("PUT", "api/schemas/Person", "update schemas")]
    [TestCase("DELETE", "api/schemas?type=Person", "delete schemas")]
    [TestCase("DELETE", "api/schemas/Person", "delete schemas")]
    public async Task Schemas_which_all_share_are_not_everybodys_to_change(string verb, string path, string what)
    {
        var user = await program.RegisterAsync($"plain-{verb}-{path.Length}");

        var answer = await user.SendAsync(verb, path, verb == "DELETE" ? null : new { type = "Person", schema = new { } });

        answer.Status.Should().Be(403);
        answer.Description.Should().Be($"You are not allowed to {what}; an administrator can change that");
        (await user.GetAsync("api/schemas/Person")).Text.Should().Contain("firstName");
    }

    [TestCase("read", "GET", "api/schemas/Person/entities")]
    [TestCase("read", "GET", "api/schemas/Person/entities/{id}")]
    [TestCase("create", "POST", "api/schemas/Person/entities")]
    [TestCase("update", "PUT", "api/schemas/Person/entities/{id}")]
    [TestCase("delete", "DELETE", "api/schemas/Person/entities/{id}")]
    public async Task A_permission_that_is_taken_away_is_missing_at_once(string right, string verb, string path)
    {
        var user = await program.RegisterAsync($"taken-{right}-{path.Length}");
        var place = path.Replace("{id}", await user.AddPersonAsync("Ada"), StringComparison.Ordinal);
        var body = verb is "POST" or "PUT" ? new { data = new { firstName = "A", lastName = "B" } } : null;

        var change = new { entities = new Dictionary<string, bool> { [right] = false } };
        (await administrator.SendAsync("PATCH", $"api/permissions/{await IdOf(user)}", change)).Status.Should().Be(200);
        var refused = await user.SendAsync(verb, place, body);
        change = new { entities = new Dictionary<string, bool> { [right] = true } };
        await administrator.SendAsync("PATCH", $"api/permissions/{await IdOf(user)}", change);
        var done = await user.SendAsync(verb, place, body);

        refused.Status.Should().Be(403);
        done.Status.Should().BeOneOf(200, 201);
    }

    [Test]
    public async Task A_user_who_is_allowed_to_makes_schemas()
    {
        var user = await program.RegisterAsync("trusted");

        var change = await administrator.SendAsync("PATCH", $"api/permissions/{await IdOf(user)}", new { schemas = new { create = true } });

        change.Json.GetProperty("schemas").ToString().Should().Be("""{"create":true,"read":true,"update":false,"delete":false}""");
        (await user.PostAsync("api/schemas", new { type = "Trusted", schema = new { } })).Status.Should().Be(201);
        (await user.DeleteAsync("api/schemas/Trusted")).Status.Should().Be(403);
    }

    [Test]
    public async Task Permissions_are_an_administrators_to_change_and_nobody_elses_to_see()
    {
        var user = await program.RegisterAsync("climber");
        var other = await program.RegisterAsync("other");

        var own = await user.SendAsync("PATCH", $"api/permissions/{await IdOf(user)}", new { schemas = new { delete = true } });

        own.Status.Should().Be(403);
        (await user.GetAsync($"api/permissions/{await IdOf(other)}")).Status.Should().Be(403);
        (await administrator.GetAsync($"api/permissions/{await IdOf(other)}")).Status.Should().Be(200);
        (await administrator.GetAsync("api/permissions/nobody")).Status.Should().Be(404);
        (await administrator.SendAsync("PATCH", "api/permissions/nobody", new { schemas = new { } })).Status.Should().Be(404);
    }

    [TestCase("{}", "No valid permissions fields to update")]
    [TestCase("""{"entities":{"read":"yes"}}""", "'read' must be true or false")]
    public async Task A_change_that_says_nothing_is_refused(string body, string description)
    {
        using var content = new StringContent(body, null, "application/json");

        var answer = await administrator.SendAsync("PATCH", $"api/permissions/{await IdOf(administrator)}", content);

        answer.Status.Should().Be(400);
        answer.Description.Should().Be(description);
    }

    [Test]
    public async Task Two_users_never_see_each_others_entities()
    {
        var ann = await program.RegisterAsync("ann");
        var bob = await program.RegisterAsync("bob");
        var id = await ann.AddPersonAsync("Ann's");
        await ann.GetAsync($"api/schemas/Person/entities/{id}"); // Whatever is remembered of it is remembered for her.

        var path = $"api/schemas/Person/entities/{id}";
        (await bob.GetAsync(path)).Status.Should().Be(404);
        (await bob.GetAsync($"api/schemas/Person/entities?_id={id}")).Status.Should().Be(404);
        (await bob.PutAsync(path, new { data = new { firstName = "Bob's", lastName = "B" } })).Status.Should().Be(404);
        (await bob.DeleteAsync(path)).Status.Should().Be(404);
        (await bob.GetAsync("api/schemas/Person/entities")).Json.GetProperty("entities").GetArrayLength().Should().Be(0);
        (await administrator.GetAsync(path)).Status.Should().Be(404, "an administrator changes permissions and reads nobody's data");
        (await ann.GetAsync(path)).Text.Should().Contain("Ann's");
    }

    private static async Task<string> IdOf(RestCaller user) => (await user.GetAsync("api/auth/me")).Json.GetProperty("user_id").GetString()!;
}
