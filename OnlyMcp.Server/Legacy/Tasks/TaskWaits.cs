using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server.Legacy.Tasks;

/// <summary>The requests of a session that wait for the results of tasks.</summary>
/// <remarks>
/// A client may leave such a request at any time, and ask again. What it has left goes on, for it may come back to the stream; but it keeps
/// no session alive, and makes way for its successor.
/// Spec: 2025-11-25 basic/utilities/tasks §Retrieving Task Results
/// </remarks>
internal sealed class TaskWaits(InFlightRequests inFlight)
{
    private readonly Lock gate = new();
    private readonly List<(string TaskId, RequestContext Request)> waits = [];

    /// <summary>How many of them nobody listens to, as far as is known.</summary>
    public int Lost
    {
        get
        {
            lock (gate)
                return waits.Count(wait => IsLost(wait.Request));
        }
    }

    /// <summary>Whether the client of a request has lost its stream, as far as is known, and not come back to it.</summary>
    public static bool IsLost(RequestContext request) => request.Exchange.Answer is { IsLost: true };

    /// <summary>Enters a request until <see cref="Leave"/>; an earlier one for the same task that its client has left ends.</summary>
    public void Enter(string taskId, RequestContext request)
    {
        RequestContext[] left;
        lock (gate)
        {
            left = [.. waits.Where(wait => wait.TaskId == taskId && IsLost(wait.Request)).Select(wait => wait.Request)];
            waits.Add((taskId, request));
        }

        foreach (var earlier in left)
            inFlight.Cancel(earlier.Request.Id);
    }

    /// <summary>It waits no longer.</summary>
    public void Leave(RequestContext request)
    {
        lock (gate)
            waits.RemoveAll(wait => wait.Request == request);
    }

    /// <summary>The newest request that waits for the task and whose client listens; null if there is none.</summary>
    public RequestContext? Find(string taskId)
    {
        lock (gate)
            return waits.LastOrDefault(wait => wait.TaskId == taskId && !IsLost(wait.Request)).Request;
    }
}
