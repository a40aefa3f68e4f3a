using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Inputs;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Inputs;

/// <summary>Gives an answer to a question that has been understood.</summary>
internal delegate ValueTask<Result> InputHandler(InputContext context, CancellationToken cancellationToken);

/// <summary>Answers what servers ask their clients: the user, the language model, the folders. Both eras come here.</summary>
/// <remarks>
/// A question is understood first and answered later, so that nobody is bothered with one of several when another is wrong.
/// Spec: 2026-07-28 basic/patterns/mrtr §InputRequests
/// Spec: 2025-11-25 client/elicitation §Error Handling
/// </remarks>
internal sealed class InputHandlers(McpClientOptions options, SafeIcons icons)
{
    /// <summary>The folders that the client tells; they outlive a conversation.</summary>
    public RootList Roots { get; set; } = new(options.Roots);

    /// <summary>The pages on which the user is not done yet.</summary>
    public OpenPages Pages { get; } = new();

    /// <summary>The question's handler.</summary>
    /// <exception cref="MethodNotFoundException">No server asks so.</exception>
    /// <exception cref="NoInputHandlerException">The options have no handler for it.</exception>
    /// <exception cref="BadInputRequestException">The question breaks the protocol.</exception>
    public InputHandler Find(string method, JsonElement? parameters, Revision revision, RequestId id = default)
    {
        var handler = Choose(method, parameters, revision);
        if (options.HandlerMiddleware.Count == 0)
            return handler;

        var request = new JsonRpcRequest(id, method, parameters is { } asked ? JsonBody.Of(asked, McpJson.Wire.JsonElement) : default);
        var whole = options.HandlerMiddleware.Around<InputContext>((_, context, cancellationToken) => handler(context, cancellationToken));
        return (context, cancellationToken) => whole(request, context, cancellationToken);
    }

    private InputHandler Choose(string method, JsonElement? parameters, Revision revision) => method switch
    {
        Methods.ElicitationCreate => Elicitation(parameters),
        Methods.SamplingCreateMessage => Sampling(parameters, revision),
        Methods.RootsList => RootsNow(),
        _ => throw new MethodNotFoundException(method),
    };

    /// <summary>Sends the user to a page: never by itself, for consent and opening are the handler's.</summary>
    /// <exception cref="NoInputHandlerException">The options have no handler for it.</exception>
    /// <exception cref="BadInputRequestException">The address is none that a browser should be given.</exception>
    public InputHandler Page(ElicitRequestUrlParams page)
    {
        if (options.OnElicitUrl is not { } handle)
            throw NoElicitation("elicitation with mode 'url'", options.OnElicit is not null, nameof(McpClientOptions.OnElicitUrl));
        if (!Uri.TryCreate(page.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new BadInputRequestException("The 'url' of an elicitation is an absolute http or https URL.");

        return async (context, cancellationToken) =>
        {
            var answer = await handle(page, context, cancellationToken).ConfigureAwait(false);
            return (answer ?? throw NoAnswer(nameof(McpClientOptions.OnElicitUrl))) with { Content = null };
        };
    }

    private InputHandler Elicitation(JsonElement? parameters)
    {
        if (options.OnElicit is null && options.OnElicitUrl is null)
            throw NoElicitation("elicitation", false, nameof(McpClientOptions.OnElicit));

        return Read(parameters, McpJson.Wire.ElicitRequestParams) switch
        {
            ElicitRequestUrlParams page => Page(page),
            var form => Form((ElicitRequestFormParams)form, parameters!.Value.GetProperty("requestedSchema")),
        };
    }

    private InputHandler Form(ElicitRequestFormParams form, JsonElement schema)
    {
        if (options.OnElicit is not { } handle)
            throw NoElicitation("elicitation with mode 'form'", options.OnElicitUrl is not null, nameof(McpClientOptions.OnElicit));

        var fields = new FormAnswer(schema);
        return async (context, cancellationToken) =>
        {
            var answer = await handle(form, context, cancellationToken).ConfigureAwait(false);
            return fields.Complete(answer ?? throw NoAnswer(nameof(McpClientOptions.OnElicit)));
        };
    }

    private InputHandler Sampling(JsonElement? parameters, Revision revision)
    {
        if (options.OnSample is not { } handle)
            throw new NoInputHandlerException(ErrorCode.MethodNotFound, "sampling", nameof(McpClientOptions.OnSample));

        var asked = Read(parameters, McpJson.Wire.CreateMessageRequestParams);
        if (WhatIsWrong(asked, revision) is { } problem)
            throw new BadInputRequestException(problem);
        if (asked.Tools is { } tools)
            asked = asked with { Tools = [.. tools.Select(icons.Of)] };
        return async (context, cancellationToken) =>
        {
            var answer = await handle(asked, context, cancellationToken).ConfigureAwait(false) ?? throw new SamplingRejectedException();
            return answer.Content.Count == 1 || (answer.Content.Count > 1 && revision.HasSamplingTools)
                ? answer
                : throw new InvalidOperationException(
                    $"OnSample answered with {answer.Content.Count} pieces of content; {revision} takes "
                    + (revision.HasSamplingTools ? "one at least." : "exactly one."));
        };
    }

    private string? WhatIsWrong(CreateMessageRequestParams asked, Revision revision)
    {
        // MUST: tools come only to a client that declared them.
        var mayUseTools = DeclaredCapabilities.Of(options, revision).Sampling?.Tools is not null;
        return !mayUseTools && (asked.Tools is not null || asked.ToolChoice is not null)
            ? "The client has not declared sampling.tools: send neither 'tools' nor 'toolChoice'."
            : SamplingRules.WhatIsWrong(asked);
    }

    private InputHandler RootsNow() => Roots.Now is { } now
        ? (_, _) => new ValueTask<Result>(new ListRootsResult { Roots = now })
        : throw new NoInputHandlerException(ErrorCode.MethodNotFound, "roots", nameof(McpClientOptions.Roots));

    /// <summary>MUST: a mode that was not declared is -32602; without any elicitation there is no such method.</summary>
    private static NoInputHandlerException NoElicitation(string what, bool hasOtherMode, string option) =>
        new(hasOtherMode ? ErrorCode.InvalidParams : ErrorCode.MethodNotFound, what, option);

    private static InvalidOperationException NoAnswer(string handler) => new($"{handler} returned null: return ElicitAnswer.Cancel instead.");

    private static T Read<T>(JsonElement? parameters, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return parameters?.Deserialize(type) ?? throw new BadInputRequestException("The parameters are missing.");
        }
        catch (JsonException fault)
        {
            throw new BadInputRequestException($"The parameters have another shape than they should: {fault.Message}", fault);
        }
    }
}
