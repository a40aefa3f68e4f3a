using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Inputs;

namespace OnlyMcp.Server.Legacy;

/// <content>What a server asks: reshaped where an older revision has another shape, refused where it has none.</content>
internal static partial class Downgrade
{
    /// <summary>A question as the revision words it.</summary>
    /// <param name="question">The question, in the newest words.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="elicitationId">Names an elicitation on a web page, where that has a name.</param>
    /// <exception cref="InvalidOperationException">The revision has no words for it.</exception>
    public static InputRequest ToFit(InputRequest question, Revision revision, Func<string> elicitationId) => question.Method switch
    {
        Methods.ElicitationCreate => question.Params!.Value.Deserialize(McpJson.Wire.ElicitRequestParams) switch
        {
            ElicitRequestUrlParams page when revision.UrlElicitationHasId =>
                InputRequests.Elicit(page with { ElicitationId = page.ElicitationId ?? elicitationId() }),
            ElicitRequestFormParams form when !revision.HasChoicesInForms => InputRequests.Elicit(ToFit(form)),
            _ => question,
        },
        Methods.SamplingCreateMessage when !revision.HasSamplingTools =>
            InputRequests.Sample(ToFit(question.Params!.Value.Deserialize(McpJson.Wire.CreateMessageRequestParams)!, revision)),
        _ => question,
    };

    /// <summary>
    /// What a client can do, as its revision means it: nothing that the revision does not know, and all that it takes for granted.
    /// </summary>
    public static ClientCapabilities ToFit(ClientCapabilities capabilities, Revision revision) => capabilities with
    {
        Elicitation = revision.HasUrlElicitation ? capabilities.Elicitation
            : revision.HasElicitation && capabilities.Elicitation is not null ? new() : null,
        Sampling = revision.HasSamplingTools || capabilities.Sampling is null ? capabilities.Sampling : new() { Context = new() },
    };

    private static ElicitRequestFormParams ToFit(ElicitRequestFormParams form) => form with
    {
        Mode = null,
        RequestedSchema = form.RequestedSchema with
        {
            Dialect = null,
            Properties = form.RequestedSchema.Properties.ToDictionary(field => field.Key, field => ToFit(field.Key, field.Value)),
        },
    };

    private static PrimitiveSchema ToFit(string name, PrimitiveSchema field) => field switch
    {
        TitledSingleSelectEnumSchema choice => new LegacyTitledEnumSchema
        {
            Title = choice.Title,
            Description = choice.Description,
            Enum = [.. choice.OneOf.Select(option => option.Const)],
            EnumNames = [.. choice.OneOf.Select(option => option.Title)],
            Default = choice.Default,
        },
        UntitledMultiSelectEnumSchema or TitledMultiSelectEnumSchema => throw new InvalidOperationException(
            $"The client's protocol version has no form in which several things can be chosen, as '{name}' wants: "
            + "ask for each on its own, as a boolean."),
        _ => field,
    };

    private static CreateMessageRequestParams ToFit(CreateMessageRequestParams question, Revision revision) => question with
    {
        // One message of several pieces says the same as several messages of one.
        Messages =
        [
            .. question.Messages.SelectMany(message => message.Content, (message, block) =>
                message with { Content = [Fits(block, revision) ? block : AsText(block)] }),
        ],
    };
}
