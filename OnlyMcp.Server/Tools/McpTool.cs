using System.Text.Json;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Authorization;

namespace OnlyMcp.Server.Tools;

/// <summary>Something that a model can have done: a description for it, and the code that does it.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Tool</remarks>
public abstract class McpTool : IDemandsScopes
{
    private JsonSchema? inputSchema;
    private IReadOnlyList<ParameterHeader>? parameterHeaders;
    private JsonSchema? outputSchema;

    /// <summary>What the tool is called by; unique in its server.</summary>
    public abstract string Name { get; }

    /// <summary>What clients are told about the tool. May be built on first use.</summary>
    public abstract Tool Definition { get; }

    /// <summary>How its calls become tasks; null, the default, if they never do.</summary>
    public virtual ToolTasks? Tasks => null;

    /// <summary>The scopes that a caller's access token must have, beside those that the server demands of all; none.</summary>
    /// <remarks>Over HTTP alone, see <see cref="McpServer.RequireAuthorization"/>.</remarks>
    /// <exception cref="ArgumentException">One of them is no scope.</exception>
    public IReadOnlyList<string> Scopes { get; init => field = DemandedScopes.Check(value); } = [];

    /// <summary>Whether its calls may become tasks.</summary>
    internal bool MayBeTask => Tasks is { Support: not TaskSupport.Forbidden };

    /// <summary>The parameters that stand in HTTP headers too; found on first use.</summary>
    /// <exception cref="ArgumentException">The input schema's annotations break the rules for them; the message says how.</exception>
    internal IReadOnlyList<ParameterHeader> ParameterHeaders => parameterHeaders ??= FindParameterHeaders();

    /// <summary>What about the arguments breaks the input schema, in words for a model; null if nothing does.</summary>
    /// <remarks>The schema is compiled on first use.</remarks>
    /// <exception cref="JsonSchemaException">The schema is none.</exception>
    internal string? WhatIsWrongWith(JsonElement arguments)
    {
        inputSchema ??= JsonSchema.Parse(Definition.InputSchema);
        return WhatBreaks(inputSchema, arguments, "The arguments do not fit the tool's input schema:");
    }

    /// <summary>What about a result breaks the output schema; null if nothing does, or where there is none to break.</summary>
    /// <exception cref="JsonSchemaException">The schema is none.</exception>
    internal string? WhatIsWrongWith(Result result)
    {
        // A failure needs no structured content, and a result that asks for input is not yet the tool's.
        if (result is not CallToolResult { IsError: not true } answer || Definition.OutputSchema is not { } schema)
            return null;
        if (answer.StructuredContent is not { } structured)
            return "It has no structured content, which its output schema promises.";

        outputSchema ??= JsonSchema.Parse(schema);
        return WhatBreaks(outputSchema, structured, "Its structured content breaks its output schema:");
    }

    /// <summary>Does it. The arguments have passed the tool's input schema.</summary>
    /// <param name="arguments">The arguments, always an object.</param>
    /// <param name="context">The request that this answers.</param>
    /// <param name="cancellationToken">Is cancelled when the client no longer wants the answer.</param>
    /// <returns>Its <see cref="CallToolResult"/>, or another result that the client can take, such as one that asks for input.</returns>
    public abstract ValueTask<Result> CallAsync(
        JsonElement arguments, RequestContext context, CancellationToken cancellationToken);

    private IReadOnlyList<ParameterHeader> FindParameterHeaders() =>
        Protocol.Transport.ParameterHeaders.TryParse(Definition.InputSchema, out var headers, out var problem)
            ? headers
            : throw new ArgumentException($"The tool '{Name}' cannot be offered: {problem}");

    private static string? WhatBreaks(JsonSchema schema, JsonElement value, string sentence) =>
        schema.IsValid(value) ? null : $"{sentence}\n{string.Join('\n', schema.Validate(value))}";
}
