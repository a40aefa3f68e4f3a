using System.Net.Http.Json;
using System.Text.Json;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The personal database as a program with a folder of its own, and who talks to it.</summary>
internal sealed class PersonalDbProgram : IAsyncDisposable
{
    public const string Administrator = "admin";
    public const string Password = "correct horse battery staple";

    private readonly DirectoryInfo folder;

    private PersonalDbProgram(DirectoryInfo folder)
    {
        this.folder = folder;
        Journal = Path.Combine(Data, "journal.jsonl");
    }

    public SampleServer Server { get; private set; } = null!;

    public string Data => Path.Combine(folder.FullName, "data");

    public string Journal { get; }

    public static async Task<PersonalDbProgram> OpenAsync(string? password = Password, params string[] under)
    {
        var program = new PersonalDbProgram(Directory.CreateTempSubdirectory("onlymcp-personal-db-"));
        try
        {
            program.Server = await SamplePrograms.StartPersonalDbAsync(program.Data, password, 0, under);
            return program;
        }
        catch
        {
            program.folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Somebody who is not signed in.</summary>
    public RestCaller Nobody() => new(Server.Root, null);

    /// <summary>Registers a user and signs in as them.</summary>
    public async Task<RestCaller> RegisterAsync(string name)
    {
        var registered = await Nobody().PostAsync("api/auth/register", new { username = name, password = Password });
        registered.Status.Should().Be(201, registered.Text);
        return await SignInAsync(name);
    }

    /// <summary>Signs in.</summary>
    public async Task<RestCaller> SignInAsync(string name)
    {
        var answer = await Nobody().PostAsync("api/auth/login", new { username = name, password = Password });
        answer.Status.Should().Be(200, answer.Text);
        return new RestCaller(Server.Root, answer.SessionToken);
    }

    /// <summary>Ends the program at once, wherever it is.</summary>
    public async Task KillAsync()
    {
        Server.Process.Kill();
        await Server.Process.EndAsync();
        await Server.DisposeAsync();
    }

    /// <summary>Starts it again over what it left behind.</summary>
    public async Task StartAsync() => Server = await SamplePrograms.StartPersonalDbAsync(Data, Password, Server.Root.Port);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        folder.Delete(recursive: true);
    }
}

/// <summary>Sends requests to the REST routes, signed in with a session's token, or not at all.</summary>
internal sealed class RestCaller(Uri root, string? token)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false });

    public string? Token => token;

    public Task<RestReply> GetAsync(string path) => SendAsync("GET", path);

    public Task<RestReply> PostAsync(string path, object body) => SendAsync("POST", path, body);

    public Task<RestReply> PutAsync(string path, object body) => SendAsync("PUT", path, body);

    public Task<RestReply> DeleteAsync(string path) => SendAsync("DELETE", path);

    /// <param name="body">An object that becomes JSON, or the content itself.</param>
    /// <param name="verb">The HTTP method.</param>
    /// <param name="path">Without the first slash.</param>
    /// <param name="headers">Headers beside the token.</param>
    public async Task<RestReply> SendAsync(string verb, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(root, path));
        request.Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body));
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        using var response = await Http.SendAsync(request);
        return new RestReply(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
    }

    /// <summary>Makes a person; returns its id.</summary>
    public async Task<string> AddPersonAsync(string firstName)
    {
        var answer = await PostAsync("api/schemas/Person/entities", new { data = new { firstName, lastName = "Test" } });
        answer.Status.Should().Be(201, answer.Text);
        return answer.Json.GetProperty("id").GetString()!;
    }
}

/// <summary>What came back.</summary>
internal sealed record RestReply(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>What is said about what is wrong.</summary>
    public string Description => Json.GetProperty("description").GetString()!;

    public string SessionToken => Headers["Set-Cookie"].Split(';')[0]["session=".Length..];
}
