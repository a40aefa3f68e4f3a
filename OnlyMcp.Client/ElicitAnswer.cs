using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client;

/// <summary>What a handler of <see cref="McpClientOptions.OnElicit"/> or <see cref="McpClientOptions.OnElicitUrl"/> may answer.</summary>
/// <remarks>Spec: 2026-07-28 client/elicitation §Response Actions</remarks>
public static class ElicitAnswer
{
    /// <summary>The user has said no.</summary>
    public static ElicitResult Decline { get; } = new() { Action = ElicitAction.Decline };

    /// <summary>The user has turned away without a decision.</summary>
    public static ElicitResult Cancel { get; } = new() { Action = ElicitAction.Cancel };

    /// <summary>The user agrees to open the page, or to send the form as it stands: every field has its default.</summary>
    public static ElicitResult Accept() => new() { Action = ElicitAction.Accept };

    /// <summary>
    /// The user has sent the form with these values, such as <c>new JsonObject { ["name"] = "octocat" }</c>. A field that is missing
    /// gets its default, if it has one; a field that is null was left empty on purpose.
    /// </summary>
    public static ElicitResult Accept(JsonObject content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new()
        {
            Action = ElicitAction.Accept,
            Content = content.ToDictionary(field => field.Key, field => ToElement(field.Value)),
        };
    }

    private static JsonElement ToElement(JsonNode? value) => JsonElement.Parse(value?.ToJsonString() ?? "null");
}
