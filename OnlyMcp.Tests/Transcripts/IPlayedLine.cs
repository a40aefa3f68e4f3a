using System.Text.Json;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>The way from our client to a played server: its messages one after another, wherever they were sent, and the way back.</summary>
internal interface IPlayedLine : IAsyncDisposable
{
    /// <summary>The next message of the client.</summary>
    Task<JsonElement> NextAsync();

    /// <summary>What the last message's parameters stood in beside; null where there are no headers.</summary>
    IReadOnlyDictionary<string, string>? ParameterHeaders => null;

    /// <summary>Sends a message of the server.</summary>
    Task SendAsync(string line);
}

/// <summary>Over a pipe in memory.</summary>
internal sealed class PlayedPipeLine : IPlayedLine
{
    public ScriptedPipe Pipe { get; } = new();

    public Task<JsonElement> NextAsync() => Pipe.NextAsync();

    public Task SendAsync(string line) => Pipe.SendAsync(line);

    public ValueTask DisposeAsync() => Pipe.DisposeAsync();
}
