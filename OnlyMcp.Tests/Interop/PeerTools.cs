namespace OnlyMcp.Tests.Interop;

/// <summary>A tool's name and arguments.</summary>
public sealed record PeerCall(string Name, object Arguments);

/// <summary>What a peer calls the tools that a conversation needs.</summary>
public sealed record PeerTools
{
    public required PeerCall Echo { get; init; }

    public required PeerCall AddSixAndSeven { get; init; }

    /// <summary>Reports progress three times.</summary>
    public required PeerCall CountToThree { get; init; }

    /// <summary>Answers with a result that says that it failed.</summary>
    public required PeerCall Fail { get; init; }

    /// <summary>Reports progress once, then does not end before it is cancelled, or for a minute.</summary>
    public required PeerCall Wait { get; init; }

    /// <summary>Answers once the cancellation has reached the tool that waits; null where the peer does not stop it.</summary>
    public PeerCall? Cancelled { get; init; }

    public static PeerTools OfOthers { get; } = new()
    {
        Echo = new("echo", new { message = "hi" }),
        AddSixAndSeven = new("add", new { a = 6, b = 7 }),
        CountToThree = new("count", new { to = 3 }),
        Fail = new("fail", new { }),
        Wait = new("wait", new { }),
        Cancelled = new("cancelled", new { }),
    };

    public static PeerTools OfEverything { get; } = new()
    {
        Echo = new("echo", new { message = "hi" }),
        AddSixAndSeven = new("get-sum", new { a = 6, b = 7 }),
        CountToThree = new("trigger-long-running-operation", new { duration = 0.03, steps = 3 }),

        // None of its tools fails by itself, but it says of arguments that it does not take that the tool has failed.
        Fail = new("get-sum", new { a = "six" }),

        // It goes on waiting after a cancellation: only our side of it can be seen.
        Wait = new("trigger-long-running-operation", new { duration = 60, steps = 6000 }),
    };
}
