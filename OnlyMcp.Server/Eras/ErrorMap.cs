using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.RateLimits;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Eras;

/// <summary>From an exception and the revision to the error response: which code, and which HTTP status beside it.</summary>
/// <remarks>Spec: 2026-07-28 basic §Error Codes</remarks>
internal static class ErrorMap
{
    public static JsonRpcErrorResponse ToResponse(Exception fault, JsonRpcRequest request, Revision? revision, ILogger logger)
    {
        switch (fault)
        {
            case MethodNotFoundException notFound:
                return new JsonRpcErrorResponse(request.Id, notFound.Error) { HttpStatus = revision?.MethodNotFoundStatus ?? 200 };
            case MissingClientCapabilityException missing:
                // MUST: 400, where the capabilities stand on the request itself; a session declared them long ago.
                return new JsonRpcErrorResponse(request.Id, missing.Error) { HttpStatus = revision?.Era == Era.Modern ? 400 : 200 };
            case RateLimitedException limited:
                // Choice: an older client takes an HTTP error for one of the transport, and may give up the session.
                var status = revision?.Era == Era.Modern ? 429 : 200;
                return new JsonRpcErrorResponse(request.Id, limited.Error) { HttpStatus = status, RetryAfter = limited.RetryAfter };
            case InsufficientScopeException insufficient:
                // SHOULD: 403, with a challenge that names what is needed.
                return new JsonRpcErrorResponse(request.Id, insufficient.Error) { HttpStatus = 403, NeededScopes = insufficient.Scopes };
            case RefusedRequestException refused:
                return new JsonRpcErrorResponse(request.Id, refused.Error) { HttpStatus = refused.HttpStatus };
            case ResourceNotFoundException notFound:
                return new JsonRpcErrorResponse(request.Id, notFound.ToError(revision?.ResourceNotFoundCode ?? ErrorCode.InvalidParams));
            case WrongResultException wrong:
                logger.LogError("{Reason}", wrong.Message);
                return new JsonRpcErrorResponse(request.Id, wrong.Error);
            case TaskStoreFullException full:
                return new JsonRpcErrorResponse(request.Id, new JsonRpcError(ErrorCode.InternalError, full.Message));
            case JsonRpcException known:
                return new JsonRpcErrorResponse(request.Id, known.Error);
            default:
                // The exception's words may hold what is not meant for the client; the log has them.
                logger.LogError(fault, "'{Method}' failed.", request.Method);
                return new JsonRpcErrorResponse(request.Id, new JsonRpcError(ErrorCode.InternalError, "Internal error."));
        }
    }
}

/// <summary>A request that is refused before any handler sees it, with the HTTP status that the specification gives for the cause.</summary>
internal sealed class RefusedRequestException(int httpStatus, JsonRpcError error) : JsonRpcException(error)
{
    public RefusedRequestException(int httpStatus, int code, string message)
        : this(httpStatus, new JsonRpcError(code, message))
    {
    }

    public int HttpStatus { get; } = httpStatus;
}
