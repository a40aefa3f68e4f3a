using System.Globalization;

namespace OnlyMcp.Tests.Support;

/// <summary>A client of a session that writes its HTTP by hand, each request on a connection of its own.</summary>
internal sealed class SessionClient(Uri address, string version, string id)
{
    public string Id => id;

    public static async Task<SessionClient> OpenAsync(Uri address, string version = "2025-11-25")
    {
        using var raw = await RawHttp.ConnectAsync(address);
        await raw.SendAsync("POST /mcp", Wire.Initialize(version), "Accept: application/json, text/event-stream");
        var answer = await raw.ReadAsync();
        answer.Status.Should().Be(200, answer.Body);
        return new SessionClient(address, version, answer.Header("Mcp-Session-Id")!);
    }

    public Task<SessionStream> CallAsync(string tool, string requestId = "1") => SendAsync("POST /mcp", Wire.LegacyCall(tool, requestId));

    public async Task<SessionStream> ListenAsync(string? lastEventId = null)
    {
        var stream = await SendAsync("GET /mcp", null, lastEventId is null ? [] : [$"Last-Event-ID: {lastEventId}"]);
        stream.LastId = lastEventId;
        return stream;
    }

    public async Task<int> PostAsync(string body)
    {
        using var stream = await SendAsync("POST /mcp", body);
        return (await stream.HeadAsync()).Status;
    }

    public async Task<int> DeleteAsync()
    {
        using var stream = await SendAsync("DELETE /mcp", null);
        return (await stream.HeadAsync()).Status;
    }

    public async Task<SessionStream> SendAsync(string line, string? body, params string[] headers)
    {
        var raw = await RawHttp.ConnectAsync(address);
        await raw.SendAsync(
            line, body, [$"Mcp-Session-Id: {id}", $"MCP-Protocol-Version: {version}", "Accept: application/json, text/event-stream", .. headers]);
        return new SessionStream(raw);
    }
}

/// <summary>One connection of such a client, and the events that come on it.</summary>
internal sealed class SessionStream(RawHttp raw) : IDisposable
{
    private RawResponse? head;

    /// <summary>The id of the last event; before the first the one that the stream was resumed with.</summary>
    public string? LastId { get; set; }

    public async Task<RawResponse> HeadAsync() => head ??= await raw.ReadHeadAsync();

    /// <summary>The whole answer, where it is one piece.</summary>
    public async Task<RawResponse> ReadAsync() => await raw.ReadAsync();

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<SessionEvent?> NextAsync()
    {
        (await HeadAsync()).Header("Content-Type").Should().Be("text/event-stream");
        var text = await raw.ReadEventAsync();
        if (text.Length == 0)
            return null;

        var read = SessionEvent.Parse(text);
        LastId = read.Id ?? LastId;
        return read;
    }

    /// <summary>The data of all events up to the end of the stream, but for empty ones.</summary>
    public async Task<List<string>> RestAsync()
    {
        var rest = new List<string>();
        while (await NextAsync() is { } read)
        {
            if (read.Data.Length > 0)
                rest.Add(read.Data);
        }

        return rest;
    }

    /// <summary>Leaves without a good-bye.</summary>
    public void Cut() => raw.Reset();

    public Task<bool> IsClosedAsync() => raw.IsClosedAsync();

    public void Dispose() => raw.Dispose();
}

internal sealed record SessionEvent(string? Id, string Data, TimeSpan? Retry)
{
    public static SessionEvent Parse(string text)
    {
        var fields = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        TimeSpan? retry = fields.TryGetValue("retry", out var wait) ? TimeSpan.FromMilliseconds(int.Parse(wait, CultureInfo.InvariantCulture)) : null;
        return new SessionEvent(fields.GetValueOrDefault("id"), fields["data"], retry);
    }
}
