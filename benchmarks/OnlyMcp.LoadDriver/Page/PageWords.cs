namespace OnlyMcp.LoadDriver.Page;

/// <summary>What stands between the figures of the page.</summary>
internal static class PageWords
{
    public const string Beginning = """
        # What a call costs

        This page is written by the load driver; no figure on it was put there by hand. The whole of it, and a quick look:

        ```
        dotnet run -c Release --project benchmarks/OnlyMcp.LoadDriver
        dotnet run -c Release --project benchmarks/OnlyMcp.LoadDriver -- --quick
        ```

        How to read it: [benchmarks/README.md](../benchmarks/README.md). In short: compare what stands in one table, round by round, and not
        the rates of two runs. CPU is user and system time of the measured process alone, which the driver's own work does not change.
        """;

    public const string AboveTargets = """

        ## In one table

        *raw* is the barest program on the same ground: an `HttpListener` that answers bytes it was given, a loop that answers lines, an
        `HttpClient` that posts, a pipe that echoes. What a server costs beyond it is the price of the protocol. Everybody had the same
        warm-up, the same number of rounds in turns, and the defaults of their runtime (.NET with the workstation collector; Node uses one
        core, and a little of another for its collector). Ours runs with every guard on. Arguments vary from call to call, and each answer
        is checked.

        """;

    public const string BelowTargets = """

        *In italics*: the C# SDK's HTTP server stands as it was recorded earlier on two cores of another machine (ASP.NET Core, SDK 2.2
        to 2.3.1), because its package for HTTP cannot be restored where this page is made. Everything else was measured here, what stands
        in one table below in one run; under each it says when that was, and how busy the machine.

        Rows of stdio are measured with the driver and the server on one core. Two processes that hand a message to and fro over several
        cores measure how long a sleeping core takes to wake, which on virtual machines is more than the whole call; the rows with all cores
        are below, for comparison. After 20,000 calls what is measured is code that .NET has compiled quickly and not yet again: both are on
        one core from the start. After 150,000 it is the code that stays: those calls have one in flight and all cores, and then both share
        one.

        """;

    public static string TitleOf(string section) => section switch
    {
        "http" => "Servers over HTTP",
        "stdio" => "Servers over stdio",
        "client" => "Clients over HTTP",
        "memory" => "Client and server in one process",
        "start" => "Start",
        "idle" => "Idle streams",
        "growth" => "Cost as it grows",
        "scale" => "Size and count",
        "soak" => "Soak",
        _ => section,
    };

    public static string About(string section) => section switch
    {
        "http" => "So many connections that are kept alive, each with one call in flight. The number behind the name is how many.",
        "stdio" => "One pipe with so many calls in flight (the window), 50,000 calls after so many to warm up, a new process for each round.",
        "client" => "So many callers share one client. The server is the same for all: a socket that answers what it was given, faster than any of them asks.",
        "memory" => "So many callers. *ours* is `InMemoryTransport`; *pipe* is ours over a pair of streams, *raw* the bare pair of streams, which is also the one way that the C# SDK has. CPU and bytes are those of both ends.",
        "start" => "From the start of `dotnet SERVER.dll` until the first answer has been read.",
        "idle" => "What each of thousands of clients that only listen makes the server hold, beyond the empty process; how long one change takes until the last of them has it; and what is left when all have gone.",
        "growth" => "The same call, while one thing grows.",
        "scale" => "Large messages, many notifications, sessions that come and go, a reader that is slow, a tool that blocks: what must hold then is checked, and the run fails if it does not.",
        "soak" => "Calls over all transports at half of the most, with connects, disconnects and errors mixed in. What the process holds at the end is compared with what it held after the first minute.",
        _ => "",
    };
}
