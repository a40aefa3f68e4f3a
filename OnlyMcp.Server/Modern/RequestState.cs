using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Inputs;

namespace OnlyMcp.Server.Modern;

/// <summary>
/// What a server that keeps nothing lets its client keep: sealed, so that nobody can read or change it, and bound to this server, the
/// request, the principal and a time.
/// </summary>
/// <remarks>
/// It may come back more than once within its time, from the same principal with the same request: what must happen once needs a record
/// of the server's own.
/// Spec: 2026-07-28 basic/patterns/mrtr §Server Requirements (Basic Workflow)
/// </remarks>
internal sealed class RequestState(McpServer server) : IInputSource
{
    // The first random key loads the system's cryptography, which a server that asks nothing never needs.
    private readonly Lazy<IRequestStateKeys> keys = new(() => server.Options.RequestStateKeys ?? KeysOf(server.Options));

    private readonly ILogger logger = server.Options.LoggerFactory.CreateLogger<RequestState>();

    private McpServerOptions Options => server.Options;

    public RequestInputs Begin(RequestContext context) => new(context, channel: null);

    public void Resume(RequestContext context, IReadOnlyDictionary<string, JsonElement>? responses, string? requestState)
    {
        if (requestState is not null)
            context.Inputs.Resume(Open(requestState, context), responses);
        else if (responses is not null)
            context.Inputs.Receive(responses);
    }

    /// <summary>Turns what a handler asks into what its client is sent.</summary>
    public async ValueTask<InputRequiredResult> SealAsync(
        InputRequiredResult asked, RequestContext context, CancellationToken cancellationToken)
    {
        context.Inputs.RequireSupport();
        var state = await context.Inputs.NextAsync(asked, cancellationToken).ConfigureAwait(false);
        return asked with { ResultType = ResultTypes.InputRequired, RequestState = TextOf(state, context) };
    }

    // A key opens for at least as long as what it has sealed lasts.
    private static IRequestStateKeys KeysOf(McpServerOptions options) => RequestStateKeys.InProcess(
        TimeSpan.FromTicks(Math.Max(options.RequestStateLifetime.Ticks, TimeSpan.TicksPerDay)), options.TimeProvider);

    private string TextOf(InputState state, RequestContext context)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new Sealed
            {
                Request = InputDigest.Of(context.Request),
                Principal = PrincipalOf(context),
                Expires = (Options.TimeProvider.GetUtcNow() + Options.RequestStateLifetime).ToUnixTimeMilliseconds(),
                State = state,
            },
            SealedJson.Default.Sealed);

        var text = Base64Url.EncodeToString(Seal.Close(content, keys.Value.Current, server.Info.Name));
        return text.Length <= Options.Limits.MaxRequestStateLength
            ? text
            : throw new JsonRpcException(
                ErrorCode.InternalError,
                $"The answers so far need {text.Length} characters of request state, and "
                + $"{Options.Limits.MaxRequestStateLength} are allowed (ServerLimits.MaxRequestStateLength).");
    }

    /// <exception cref="JsonRpcException">The state is not one to go on from: one refusal, whatever the reason (-32602).</exception>
    private InputState Open(string requestState, RequestContext context)
    {
        var reason = TryOpen(requestState, out var opened) ?? WhatIsForeignAbout(opened!, context);
        if (reason is null)
            return opened!.State;

        // MUST: what fails verification is rejected. Whoever forges learns nothing of how near he came; the log has the reason.
        logger.LogWarning("A request state was refused: {Reason}.", reason);
        throw new JsonRpcException(
            ErrorCode.InvalidParams, "The requestState cannot be used: send the request anew, without requestState and inputResponses.");
    }

    private string? TryOpen(string requestState, out Sealed? opened)
    {
        opened = null;
        if (requestState.Length > Options.Limits.MaxRequestStateLength)
            return "it is too long";

        // One spelling for each sequence of bytes: no bit of the text may be changed unnoticed.
        var bytes = new byte[Base64Url.GetMaxDecodedLength(requestState.Length)];
        if (Base64Url.DecodeFromChars(requestState, bytes, out _, out var length) != OperationStatus.Done
            || Base64Url.EncodeToString(bytes.AsSpan(0, length)) != requestState)
            return "it is not in base64url";
        if (!Seal.TryOpen(bytes.AsSpan(0, length), keys.Value, server.Info.Name, out var content, out var reason))
            return reason;

        opened = JsonSerializer.Deserialize(content, SealedJson.Default.Sealed)!;
        return null;
    }

    /// <summary>SHOULD: the state belongs to one principal, one request and a short time.</summary>
    private string? WhatIsForeignAbout(Sealed state, RequestContext context)
    {
        if (state.Expires < Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds())
            return "it has expired";
        if (state.Principal != PrincipalOf(context))
            return "it belongs to another principal";
        return state.Request == InputDigest.Of(context.Request) ? null : "it belongs to another request";
    }

    private static string? PrincipalOf(RequestContext context) => PrincipalItems.KeyOf(context.Principal) is { } key
        ? Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))
        : null;
}

/// <summary>What is sealed.</summary>
internal sealed record Sealed
{
    /// <summary>Stands for the request that may go on with it.</summary>
    public required string Request { get; init; }

    /// <summary>Stands for the principal who may; null for nobody in particular.</summary>
    public string? Principal { get; init; }

    /// <summary>Until when, in milliseconds since 1970.</summary>
    public required long Expires { get; init; }

    /// <summary>What the next run has to know.</summary>
    public required InputState State { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 1000)]
[JsonSerializable(typeof(Sealed))]
internal sealed partial class SealedJson : JsonSerializerContext;
