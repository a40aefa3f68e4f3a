using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Inputs;

/// <summary>What may be asked of a client, and what the client has to be able to do for it.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/mrtr §InputRequests</remarks>
internal static class InputQuestion
{
    private static readonly ClientCapabilities Forms = new() { Elicitation = new() { Form = new() } };
    private static readonly ClientCapabilities Pages = new() { Elicitation = new() { Url = new() } };
    private static readonly ClientCapabilities Folders = new() { Roots = new() };

    public static InputRequest Of(string method) => new() { Method = method };

    public static InputRequest Of<T>(string method, T parameters, JsonTypeInfo<T> typeInfo) =>
        new() { Method = method, Params = JsonSerializer.SerializeToElement(parameters, typeInfo) };

    /// <summary>What the client must have declared for a question.</summary>
    /// <exception cref="InvalidOperationException">It is none that a client can be asked, or its parameters do not fit.</exception>
    public static ClientCapabilities Needs(InputRequest question)
    {
        try
        {
            return question.Method switch
            {
                Methods.ElicitationCreate => Needs(Params(question, McpJson.Wire.ElicitRequestParams)),
                Methods.SamplingCreateMessage => Needs(Params(question, McpJson.Wire.CreateMessageRequestParams)),
                Methods.RootsList => Folders,

                // MUST: one of these three, and nothing else.
                _ => throw new InvalidOperationException(
                    $"A client cannot be asked for '{question.Method}'; it can for "
                    + $"{Methods.ElicitationCreate}, {Methods.SamplingCreateMessage} and {Methods.RootsList}."),
            };
        }
        catch (JsonException fault)
        {
            throw new InvalidOperationException($"The params of '{question.Method}' do not fit: {fault.Message}", fault);
        }
    }

    public static ClientCapabilities Needs(ElicitRequestParams question) => question is ElicitRequestUrlParams ? Pages : Forms;

    /// <summary>MUST NOT: no tools without sampling.tools. SHOULD NOT: no context of others without sampling.context.</summary>
    public static ClientCapabilities Needs(CreateMessageRequestParams question) => new()
    {
        Sampling = new()
        {
            Tools = question.Tools is not null || question.ToolChoice is not null || UsesTools(question) ? new() : null,
            Context = question.IncludeContext is null or IncludeContext.None ? null : new(),
        },
    };

    private static T Params<T>(InputRequest question, JsonTypeInfo<T> typeInfo)
        where T : class =>
        (question.Params ?? throw new JsonException("they are missing")).Deserialize(typeInfo) ?? throw new JsonException("they are null");

    private static bool UsesTools(CreateMessageRequestParams question) =>
        question.Messages.Any(message => message.Content.Any(block => block is ToolUseContent or ToolResultContent));
}
