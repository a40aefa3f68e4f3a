using System.Net.Http.Headers;
using System.Text.Json;
using System.Web;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>An authorization server that listens, a client that is known there, and somebody who can sign in.</summary>
internal sealed class SmallWorld : IAsyncDisposable
{
    public const string Callback = "http://127.0.0.1:7777/callback";
    public const string Resource = "https://mcp.example.com/mcp";
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly McpHttpHost host;

    private SmallWorld(AuthorizationServer server)
    {
        Server = server;
        host = new McpHttpHost(new McpServer("any", "1.0.0"), "http://127.0.0.1:0/") { OtherPaths = server.HandleAsync };
    }

    public AuthorizationServer Server { get; }

    public Uri Address => host.Address;

    /// <summary>A client without a secret, on the person's own machine.</summary>
    public static RegisteredClient Native { get; } = NewClient("native", Callback);

    /// <summary>A client without a secret, on another host.</summary>
    public static RegisteredClient Web { get; } = NewClient("web", "https://app.example.com/back?kind=1") with { IsVouchedFor = true };

    public static RegisteredClient NewClient(string id, params string[] redirectUris) => new()
    {
        ClientId = id,
        Metadata = new ClientMetadata
        {
            ClientName = $"The {id} client",
            RedirectUris = redirectUris,
            GrantTypes = [GrantType.AuthorizationCode, GrantType.RefreshToken],
            TokenEndpointAuthMethod = ClientAuthMethod.None,
        },
    };

    public static AuthorizationServerOptions Options { get; } = new()
    {
        Resources = [Resource],
        Scopes = new Dictionary<string, string> { ["notes:read"] = "Read your notes", ["notes:write"] = "Change your notes" },
        ServiceName = "Notes",
        Clients = [Native, Web],
        SignInAsync = (name, password, _) => new(name == "ada" && password == "countess" ? new SignedInUser("user-1", "Ada") : null),
    };

    public static async Task<SmallWorld> StartAsync(Func<AuthorizationServerOptions, AuthorizationServerOptions>? change = null)
    {
        var options = change?.Invoke(Options) ?? Options;
        var world = new SmallWorld(new AuthorizationServer(options));
        await world.host.StartAsync();
        if (options.Issuer is null)
            world.Server.ListensAt(world.Address.AbsoluteUri);
        return world;
    }

    /// <summary>The address that a client sends a browser to; a value of null leaves the parameter out.</summary>
    public Uri Authorization(Asked asked, params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> parameters = new()
        {
            ["response_type"] = "code",
            ["client_id"] = "native",
            ["redirect_uri"] = Callback,
            ["state"] = "a state",
            ["scope"] = "notes:read",
            ["code_challenge"] = Pkce.ChallengeOf(asked.Verifier),
            ["code_challenge_method"] = "S256",
            ["resource"] = Resource,
        };
        foreach (var (name, value) in changes)
            parameters[name] = value;
        return new Uri(Address, "/authorize?" + Encoded(parameters));
    }

    /// <summary>The tokens that come of a whole sign-in.</summary>
    public async Task<TokenResponse> TokensAsync(params (string Name, string? Value)[] changes)
    {
        using var person = new Person();
        var asked = new Asked();
        var answer = await person.AllowAsync(Authorization(asked, changes));
        return (await RedeemAsync(asked, CodeOf(answer))).Tokens;
    }

    public Task<EndpointAnswer> RedeemAsync(Asked asked, string code, params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> parameters = new()
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "native",
            ["code"] = code,
            ["code_verifier"] = asked.Verifier,
        };
        foreach (var (name, value) in changes)
            parameters[name] = value;
        return PostAsync("/token", Encoded(parameters));
    }

    public Task<EndpointAnswer> RefreshAsync(string? refreshToken, string more = "") =>
        PostAsync("/token", $"grant_type=refresh_token&client_id=native&refresh_token={refreshToken}{more}");

    public async Task<EndpointAnswer> PostAsync(string path, string form, string type = "application/x-www-form-urlencoded")
    {
        using var content = new StringContent(form) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        using var response = await http.PostAsync(new Uri(Address, path), content);
        return await EndpointAnswer.ReadAsync(response);
    }

    public Task<EndpointAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<EndpointAnswer> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        return await EndpointAnswer.ReadAsync(response);
    }

    public static string CodeOf(Uri answer) => Parameter(answer, "code") ?? throw new InvalidOperationException($"No code: {answer}");

    public static string? Parameter(Uri answer, string name) => HttpUtility.ParseQueryString(answer.Query)[name];

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        http.Dispose();
    }

    private static string Encoded(Dictionary<string, string?> parameters) => string.Join('&', parameters
        .Where(pair => pair.Value is not null).Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!)}"));
}

/// <summary>What a client remembers of a request that it sent a browser with.</summary>
internal sealed record Asked
{
    public string Verifier { get; init; } = Pkce.NewVerifier();
}

/// <summary>What an endpoint answered.</summary>
internal sealed record EndpointAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public TokenResponse Tokens => Status == 200
        ? JsonSerializer.Deserialize(Text, OAuthJson.Wire.TokenResponse)!
        : throw new InvalidOperationException($"{Status}: {Text}");

    public string? Error => Status == 200 ? null : Json.GetProperty("error").GetString();

    public static async Task<EndpointAnswer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        await response.Content.ReadAsStringAsync());
}
