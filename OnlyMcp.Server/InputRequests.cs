using OnlyMcp.Protocol.Inputs;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Inputs;

namespace OnlyMcp.Server;

/// <summary>Short ways to the questions of an <see cref="InputRequiredResult"/> that a handler returns by hand.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/mrtr §InputRequests</remarks>
public static class InputRequests
{
    /// <summary>A form for the client's user. Never ask for a password or another secret so.</summary>
    public static InputRequest Elicit(string message, ElicitSchema schema) =>
        Elicit(new ElicitRequestFormParams { Message = message, RequestedSchema = schema });

    /// <summary>A form, or a page to go to, for the client's user.</summary>
    public static InputRequest Elicit(ElicitRequestParams question) =>
        InputQuestion.Of(Methods.ElicitationCreate, question, McpJson.Wire.ElicitRequestParams);

    /// <summary>A page for the client's user to go to.</summary>
    /// <exception cref="ArgumentException">The address is not an absolute one of the web.</exception>
    public static InputRequest ElicitUrl(string message, Uri url) => Elicit(PageOf(message, url));

    /// <summary>A conversation for the client's language model to go on with.</summary>
    /// <exception cref="ArgumentException">The conversation breaks a rule about tools; the message says which.</exception>
    public static InputRequest Sample(CreateMessageRequestParams question)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (SamplingRules.WhatIsWrong(question) is { } problem)
            throw new ArgumentException(problem, nameof(question));
        return InputQuestion.Of(Methods.SamplingCreateMessage, question, McpJson.Wire.CreateMessageRequestParams);
    }

    /// <summary>A text for the client's language model to answer.</summary>
    public static InputRequest Sample(string prompt, long maxTokens) => Sample(ConversationOf(prompt, maxTokens));

    /// <summary>Which folders the server may work in.</summary>
    public static InputRequest ListRoots() => InputQuestion.Of(Methods.RootsList);

    internal static ElicitRequestUrlParams PageOf(string message, Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);

        // MUST: a valid URL; what a browser opens.
        return url is { IsAbsoluteUri: true, Scheme: "https" or "http" }
            ? new ElicitRequestUrlParams { Message = message, Url = url.AbsoluteUri }
            : throw new ArgumentException(
                $"'{url}' is no page: the address must begin with https:// (or http://, for a test).", nameof(url));
    }

    internal static CreateMessageRequestParams ConversationOf(string prompt, long maxTokens) => new()
    {
        Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContent { Text = prompt }] }],
        MaxTokens = maxTokens,
    };
}
