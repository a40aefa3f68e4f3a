using System.Text;

namespace RawWire;

/// <summary>Sends what it is given and shows what goes each way.</summary>
internal sealed class Wire(Uri endpoint) : IDisposable
{
    private readonly HttpClient http = new();

    public static void Title(string text) => Console.WriteLine($"== {text}\n");

    public static void Note(string text, string section) => Console.WriteLine($"# {text}\n# {section}");

    /// <summary>Posts one message and shows the messages that answer it; returns the session's id if the server gave one.</summary>
    public async Task<string?> PostAsync(string message, params (string Name, string Value)[] headers)
    {
        // The answer is one JSON object, or an event stream whose last message it is: both must be understood.
        using var request = Request(HttpMethod.Post, [("Accept", "application/json, text/event-stream"), .. headers]);
        request.Content = new StringContent(message, Encoding.UTF8, "application/json");
        Show(message);
        using var response = await SendAsync(request);
        var session = response.Headers.TryGetValues("Mcp-Session-Id", out var ids) ? ids.Single() : null;
        if (session is not null)
            Show("Mcp-Session-Id: " + session);

        using var body = new StreamReader(await response.Content.ReadAsStreamAsync());
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            await foreach (var data in EventStream.ReadAsync(body))
                Show(data);
        }
        else
            Show(await body.ReadToEndAsync());

        Console.WriteLine();
        return session;
    }

    /// <summary>Ends a session.</summary>
    public async Task DeleteAsync(params (string Name, string Value)[] headers)
    {
        using var request = Request(HttpMethod.Delete, headers);
        using var response = await SendAsync(request);
        Console.WriteLine();
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, (string Name, string Value)[] headers)
    {
        Console.WriteLine($"--> {method} {endpoint.AbsolutePath}");
        var request = new HttpRequestMessage(method, endpoint);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
            Show($"{name}: {value}");
        }

        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Console.WriteLine($"<-- {(int)response.StatusCode} {response.ReasonPhrase}");
        if (response.Content.Headers.ContentType is { } type)
            Show($"Content-Type: {type}");
        return response;
    }

    private static void Show(string text)
    {
        if (text.Length > 0)
            Console.WriteLine("    " + text);
    }
}
