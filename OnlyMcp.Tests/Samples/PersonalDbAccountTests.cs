using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>Users of the personal database: who they are, how they sign in, and who cannot do it for them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PersonalDbAccountTests
{
    private PersonalDbProgram program = null!;

    [OneTimeSetUp]
    public async Task Start() => program = await PersonalDbProgram.OpenAsync();

    [OneTimeTearDown]
    public async Task Stop() => await program.DisposeAsync();

    [Test]
    public async Task Who_registers_can_sign_in_and_out()
    {
        var registered = await program.Nobody().PostAsync("api/auth/register", new { username = "zoë", password = PersonalDbProgram.Password });
        registered.Status.Should().Be(201);
        registered.Json.GetProperty("status").GetString().Should().Be("registered");

        var login = await program.Nobody().PostAsync("api/auth/login", new { username = "zoë", password = PersonalDbProgram.Password });
        login.Status.Should().Be(200);
        login.Text.Should().Be("""{"status":"logged_in"}""");
        login.Headers["Set-Cookie"].Should().MatchRegex("^session=[0-9a-f]{64}; Max-Age=86400; Path=/; Secure; HttpOnly; SameSite=Lax$");

        var cookie = ("Cookie", $"theme=dark; session={login.SessionToken}");
        var me = await program.Nobody().SendAsync("GET", "api/auth/me", null, cookie);
        me.Json.GetProperty("status").GetString().Should().Be("logged_in");
        me.Json.GetProperty("user_id").GetString().Should().Be(registered.Json.GetProperty("_id").GetString());

        var logout = await program.Nobody().SendAsync("POST", "api/auth/logout", null, cookie);
        logout.Text.Should().Be("""{"status":"logged_out"}""");
        logout.Headers["Set-Cookie"].Should().StartWith("session=; Max-Age=0; Path=/");
        (await program.Nobody().SendAsync("GET", "api/auth/me", null, cookie)).Status.Should().Be(401, "the session is over, not the cookie alone");
    }

    [TestCase("dora")]
    [TestCase("Dora")]
    public async Task A_name_is_taken_once_whatever_the_case_of_its_letters(string name)
    {
        await program.Nobody().PostAsync("api/auth/register", new { username = "dora", password = PersonalDbProgram.Password });

        var second = await program.Nobody().PostAsync("api/auth/register", new { username = name, password = PersonalDbProgram.Password });

        second.Status.Should().Be(409);
        second.Text.Should().Be("""{"title":"409 Conflict","description":"Username already taken"}""");
    }

    [Test]
    public async Task One_of_many_who_want_a_name_at_once_gets_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            program.Nobody().PostAsync("api/auth/register", new { username = "wanted", password = PersonalDbProgram.Password })));

        answers.Select(answer => answer.Status).Order().Should().Equal(201, 409, 409, 409, 409, 409, 409, 409);
    }

    [TestCase("""{"username":"nobody","password":"whatever it is"}""", 401, "Invalid credentials")]
    [TestCase("""{"username":"admin","password":"whatever it is"}""", 401, "Invalid credentials")]
    [TestCase("""{"username":"admin"}""", 400, "Username and password are required")]
    [TestCase("""{"username":"","password":"x"}""", 400, "Username and password are required")]
    [TestCase("""{"username":1,"password":2}""", 400, "Username and password are required")]
    [TestCase("[]", 400, "The body must be a JSON object")]
    [TestCase("{", 400, "The body is no JSON: *")]
    [TestCase("""{"username":"a","username":"b","password":"c"}""", 400, "The body is no JSON: *")]
    public async Task A_sign_in_that_will_not_do_is_refused_in_words(string body, int status, string description)
    {
        var answer = await program.Nobody().SendAsync("POST", "api/auth/login", Json(body));

        answer.Status.Should().Be(status);
        answer.Description.Should().Match(description);
        answer.Headers.Should().NotContainKey("Set-Cookie");
    }

    [TestCase("eve", "short", "A password has from 8 to 256 letters")]
    [TestCase("eve adams", "long enough", "A username has from 1 to 64 letters, digits, '_', '-', '.' and '@'")]
    [TestCase("<b>eve</b>", "long enough", "A username has from 1 to 64 letters, digits, '_', '-', '.' and '@'")]
    public async Task A_registration_that_will_not_do_is_refused_in_words(string username, string password, string description)
    {
        var answer = await program.Nobody().PostAsync("api/auth/register", new { username, password });

        answer.Status.Should().Be(400);
        answer.Description.Should().Be(description);
    }

    [Test]
    public async Task Nobody_guesses_passwords_for_ever()
    {
        await program.RegisterAsync("target");
        for (var i = 0; i < 10; i++)
            (await program.Nobody().PostAsync("api/auth/login", new { username = "target", password = $"guess {i}" })).Status.Should().Be(401);

        var right = await program.Nobody().PostAsync("api/auth/login", new { username = "TARGET", password = PersonalDbProgram.Password });

        right.Status.Should().Be(429);
        right.Description.Should().Be("Too many wrong passwords: wait 5 minutes");
    }

    [TestCase(null, "Missing Authorization header or session cookie")]
    [TestCase("Bearer 0000", "Session expired or unknown, please log in again")]
    [TestCase("Basic YTpi", "Invalid Authorization header format. Use 'Bearer <token>'")]
    [TestCase("Bearer", "Invalid Authorization header format. Use 'Bearer <token>'")]
    public async Task Who_is_not_signed_in_is_told_so_with_a_challenge(string? authorization, string description)
    {
        var answer = await program.Nobody().SendAsync(
            "GET", "api/schemas", null, authorization is null ? [] : [("Authorization", authorization)]);

        answer.Status.Should().Be(401);
        answer.Description.Should().Be(description);
        answer.Headers["WWW-Authenticate"].Should().Be("Bearer");
    }

    [TestCase("Origin", "https://evil.example")]
    [TestCase("Origin", "null")]
    [TestCase("Origin", "http://localhost:1")]
    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_site_cannot_use_a_browsers_cookie(string header, string value)
    {
        var user = await program.RegisterAsync($"victim-{header}-{Math.Abs(value.GetHashCode(StringComparison.Ordinal))}");
        var cookie = ("Cookie", $"session={user.Token}");
        var person = new { data = new { firstName = "A", lastName = "B" } };

        var answer = await program.Nobody().SendAsync("POST", "api/schemas/Person/entities", person, cookie, (header, value));
        var login = await program.Nobody().SendAsync(
            "POST", "api/auth/login", new { username = "admin", password = PersonalDbProgram.Password }, (header, value));

        answer.Status.Should().Be(403);
        login.Status.Should().Be(403, "nobody is to be signed in as somebody else");
        (await user.GetAsync("api/schemas/Person/entities")).Json.GetProperty("entities").GetArrayLength().Should().Be(0);
    }

    [Test]
    public async Task A_page_of_its_own_can()
    {
        var user = await program.RegisterAsync("own-page");
        var origin = ("Origin", program.Server.Root.AbsoluteUri.TrimEnd('/'));

        var answer = await program.Nobody().SendAsync(
            "POST", "api/schemas/Person/entities", new { data = new { firstName = "A", lastName = "B" } },
            ("Cookie", $"session={user.Token}"), origin, ("Sec-Fetch-Site", "same-origin"));

        answer.Status.Should().Be(201, answer.Text);
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    public async Task A_body_that_is_not_called_json_is_not_read(string type)
    {
        using var content = new StringContent("""{"username":"form","password":"long enough"}""", System.Text.Encoding.UTF8, type);

        (await program.Nobody().SendAsync("POST", "api/auth/register", content)).Status.Should().Be(415);
    }

    [Test]
    public async Task An_endless_body_is_not_read_to_its_end()
    {
        using var content = Json($$"""{"username":"{{new string('a', 300_000)}}"}""");

        var answer = await program.Nobody().SendAsync("POST", "api/auth/register", content);

        answer.Status.Should().Be(413);
    }

    [Test]
    public async Task A_user_has_ten_sessions_and_the_one_that_would_end_first_makes_room()
    {
        var first = await program.RegisterAsync("many");
        var second = await program.SignInAsync("many");
        for (var i = 0; i < 9; i++)
            await program.SignInAsync("many");

        (await first.GetAsync("api/auth/me")).Status.Should().Be(401);
        (await second.GetAsync("api/auth/me")).Status.Should().Be(200);
    }

    [Test]
    public async Task The_store_holds_neither_a_password_nor_a_token()
    {
        var user = await program.RegisterAsync("secretive");

        using var file = new FileStream(program.Journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var journal = await new StreamReader(file).ReadToEndAsync();

        journal.Should().Contain("secretive").And.Contain("pbkdf2-sha256$600000$");
        journal.Should().NotContain(PersonalDbProgram.Password).And.NotContain(user.Token);
    }

    [Test]
    public async Task Without_a_password_one_is_made_up_and_told_once()
    {
        await using var own = await PersonalDbProgram.OpenAsync(password: null);
        var told = own.Server.StartUp.Single(line => line.StartsWith("The administrator is admin; the password is ", StringComparison.Ordinal));

        var answer = await own.Nobody().PostAsync("api/auth/login", new { username = "admin", password = told.Split(' ')[7] });
        answer.Status.Should().Be(200, answer.Text);

        await own.KillAsync();
        await own.StartAsync();
        own.Server.StartUp.Should().ContainMatch("admin is the administrator*").And.NotContain(told);
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");
}
