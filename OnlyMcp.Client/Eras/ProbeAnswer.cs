using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Eras;

/// <summary>What came back to an opening question, as a value.</summary>
internal sealed record ProbeAnswer
{
    /// <summary>The HTTP status; 200 on a pipe, where an answer is an answer.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The result, if there was one.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>The error, if there was one.</summary>
    public JsonRpcError? Error { get; init; }

    /// <summary>Whether nothing came in time.</summary>
    public bool IsSilence { get; init; }

    /// <summary>What came, in words.</summary>
    public required string Summary { get; init; }

    /// <summary>Credentials are missing, something broke, or the way leads elsewhere: none of it says anything about an era.</summary>
    public bool IsNoEvidence => Status is 401 or 403 or (>= 300 and < 400) or >= 500;

    public static ProbeAnswer Of(JsonBody result) => new() { Result = result.ToElement(), Summary = "a result" };

    /// <summary>The answer that an exception stands for; false if it is none: the line is gone, or the caller.</summary>
    public static bool TryOf(Exception fault, [NotNullWhen(true)] out ProbeAnswer? answer)
    {
        answer = fault switch
        {
            JsonRpcException error => new()
            {
                Status = error.ReceivedHttpStatus,
                Error = error.Error,
                Summary = (error.ReceivedHttpStatus == 200 ? "" : $"HTTP {error.ReceivedHttpStatus}, ")
                    + $"error {error.Code}: {error.Message}",
            },
            HttpStatusException status => new() { Status = status.Status, Error = status.Error, Summary = status.Message },
            RequestTimedOutException silence => new() { IsSilence = true, Summary = silence.Message },
            ProtocolFaultException unreadable => new() { Summary = unreadable.Message },
            _ => null,
        };
        return answer is not null;
    }
}
