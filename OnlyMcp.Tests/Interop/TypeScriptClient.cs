using System.Text.Json;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>A client of the TypeScript SDK over one transport, the revision that it is told to speak (none: its default), and the one that is then spoken.</summary>
public sealed record TypeScriptClient(string Version, string Transport, string? Revision, string Spoken)
{
    private static readonly string[] Legacy = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
    private static readonly string[] Both = [.. Legacy, "2026-07-28"];

    /// <summary>Both versions over every transport in every revision that they speak.</summary>
    public static IEnumerable<TypeScriptClient> All { get; } =
    [
        .. Of("v1", "stdio", Legacy),
        .. Of("v1", "http", Legacy),
        .. Of("v1", "sse", Legacy),
        .. Of("v2", "stdio", Both),
        new("v2", "stdio", "auto", "2026-07-28"),
        .. Of("v2", "http", Both),
        new("v2", "http", "auto", "2026-07-28"),
        .. Of("v2", "sse", Legacy),
    ];

    /// <summary>Each revision once: those that are told which, or to find it out.</summary>
    public static IEnumerable<TypeScriptClient> Pinned => All.Where(client => client.Revision is not null);

    /// <summary>Those that are told no revision, or to find it out themselves.</summary>
    public static IEnumerable<TypeScriptClient> Unpinned => All.Where(client => client.Revision is null or "auto");

    /// <summary>Those that know tasks, in the form of the revision that is spoken.</summary>
    public static IEnumerable<TypeScriptClient> WithTasks =>
        All.Where(client => client.Revision is "2025-11-25" or "2026-07-28");

    /// <summary>Runs the whole conversation with what stands at this address, or with what this command starts.</summary>
    public Task<JsonElement> ConverseAsync(string[] target, params (string Tool, string Arguments)[] calls)
    {
        string[] revision = Revision is null ? [] : ["--revision", Revision];
        return Peers.RunClientAsync(
            $"ts-client-{Version}.mjs", [.. revision, .. calls.SelectMany(call => new[] { "--call", call.Tool, call.Arguments }), Transport, .. target]);
    }

    /// <summary>Tries every feature of what stands at this address, or of what this command starts; one entry for each.</summary>
    public Task<JsonElement> TourAsync(string[] target) =>
        Peers.RunClientAsync($"ts-client-{Version}.mjs", ["--revision", Revision!, "--log", "warning", "--tour", Transport, .. target]);

    /// <summary>Tries every tool that becomes a task at this address, or of what this command starts; one entry for each.</summary>
    public Task<JsonElement> TaskTourAsync(string[] target) =>
        Peers.RunClientAsync($"ts-client-{Version}.mjs", ["--revision", Revision!, "--tasks", Transport, .. target]);

    public override string ToString() => $"{Version}, {Transport}, {Revision ?? "default"}";

    private static IEnumerable<TypeScriptClient> Of(string version, string transport, string[] revisions) =>
        [new(version, transport, null, "2025-11-25"), .. revisions.Select(revision => new TypeScriptClient(version, transport, revision, revision))];
}
