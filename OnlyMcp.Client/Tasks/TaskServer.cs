using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Tasks;

/// <summary>The server, as whoever speaks of tasks with it needs it.</summary>
/// <param name="Ask">Asks the server, in whatever conversation is open now.</param>
/// <param name="Find">A tool as the server listed it last; null if it did not.</param>
/// <param name="List">Has the server list its tools until the one of this name was seen.</param>
/// <param name="Farewell">Does something that nobody waits for, and that the client lets end before it closes.</param>
internal sealed record TaskServer(
    Func<string, JsonBody, RequestOptions, CancellationToken, ValueTask<JsonBody>> Ask,
    Func<string, Tool?> Find,
    Func<string, RequestOptions, CancellationToken, Task> List,
    Action<Func<CancellationToken, Task>> Farewell)
{
    /// <summary>Asks about one task.</summary>
    /// <exception cref="TaskNotFoundException">The server does not know it.</exception>
    public async Task<JsonBody> AskAboutAsync(
        string taskId, string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await Ask(method, parameters, options, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonRpcException refusal) when (refusal.Code == ErrorCode.InvalidParams)
        {
            throw new TaskNotFoundException(taskId, refusal);
        }
    }

    /// <summary>Reads a result.</summary>
    /// <exception cref="ProtocolFaultException">It has another shape.</exception>
    public static T Read<T>(string method, JsonBody result, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return result.Read(type);
        }
        catch (JsonException fault)
        {
            throw Fault($"The result of '{method}' has another shape than it should: {fault.Message}", result, fault);
        }
    }

    /// <summary>Holds a result about a task against the task that was asked about.</summary>
    /// <exception cref="ProtocolFaultException">It is about another one.</exception>
    public static void CheckId(string method, JsonBody result, string asked, string told)
    {
        if (!string.Equals(asked, told, StringComparison.Ordinal))
            throw Fault($"'{method}' was asked about the task '{asked}', and answered about '{told}'.", result);
    }

    public static ProtocolFaultException Fault(string what, JsonBody result, Exception? cause = null) => new(what, result.ToUtf8().Span, cause);
}
