using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OnlyMcp.Server;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Server.Http;
using Subject = OnlyMcp.Server.AuthorizationServers.AuthorizationServer;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>An authorization server that listens on a port of this machine, and somebody who asks it.</summary>
internal sealed class ServedAuthorizationServer : IAsyncDisposable
{
    private readonly McpHttpHost host;
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private ServedAuthorizationServer(AuthorizationServerOptions options)
    {
        Server = new Subject(options);
        host = new McpHttpHost(new McpServer("guarded", "1.0.0"), "http://127.0.0.1:0/") { OtherPaths = Server.HandleAsync };
    }

    public Subject Server { get; }

    public string Issuer => Server.Issuer;

    public static async Task<ServedAuthorizationServer> StartAsync(AuthorizationServerOptions? options = null)
    {
        var served = new ServedAuthorizationServer(options ?? new());
        await served.host.StartAsync();
        served.Server.ListensAt(served.host.Address.ToString());
        served.Server.Guards([served.host.Address + "mcp"], [], []);
        return served;
    }

    public Task<Answer> PostJsonAsync(string path, string json) =>
        SendAsync(new(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") });

    /// <summary>Sends a form: <c>("grant_type", "client_credentials")</c>.</summary>
    public Task<Answer> PostFormAsync(string path, AuthenticationHeaderValue? authorization, params (string Name, string Value)[] form) =>
        SendAsync(new(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))),
            Headers = { Authorization = authorization },
        });

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        request.RequestUri = new Uri(host.Address, request.RequestUri!.OriginalString);
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json";
        return new((int)response.StatusCode, isJson ? JsonElement.Parse(body) : default, response.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await host.DisposeAsync();
    }
}

/// <summary>What an authorization server answered.</summary>
internal sealed record Answer(int Status, JsonElement Body, HttpResponseHeaders Headers)
{
    public string? Error => Text("error");

    public string? Description => Text("error_description");

    /// <summary>A member of the body that is a text; null if it is not there.</summary>
    public string? Text(string name) => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) ? value.GetString() : null;
}
