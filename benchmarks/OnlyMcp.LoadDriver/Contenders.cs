using OnlyMcp.Server;

namespace OnlyMcp.LoadDriver;

/// <summary>Who is measured. A section names those that it has.</summary>
internal static class Contenders
{
    public const string Ours = "ours";

    /// <summary>Ours over a pipe in memory, where the other way in memory is <see cref="Ours"/>.</summary>
    public const string Pipe = "pipe";

    /// <summary>The barest program on the same ground as ours: what the ground itself costs.</summary>
    public const string Raw = "raw";

    /// <summary>Kestrel without anything on it.</summary>
    public const string Kestrel = "kestrel";

    /// <summary>The official C# SDK.</summary>
    public const string CSharp = "csharp";

    /// <summary>The official TypeScript SDK, version 1.</summary>
    public const string TypeScript1 = "ts1";

    /// <summary>The official TypeScript SDK, version 2.</summary>
    public const string TypeScript2 = "ts2";

    public static IReadOnlyList<string> All { get; } = [Ours, Pipe, Raw, Kestrel, CSharp, TypeScript1, TypeScript2];

    public static IReadOnlyDictionary<string, string> Versions() => new Dictionary<string, string>
    {
        [Ours] = typeof(McpServer).Assembly.GetName().Version!.ToString(3),
        [CSharp] = typeof(ModelContextProtocol.Server.McpServer).Assembly.GetName().Version!.ToString(3),
        [TypeScript1] = NodePeers.Version("@modelcontextprotocol/sdk"),
        [TypeScript2] = NodePeers.Version("@modelcontextprotocol/server"),
        ["node"] = NodePeers.NodeVersion,
    };
}
