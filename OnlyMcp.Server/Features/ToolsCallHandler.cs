using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Plain;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Features;

/// <summary>Answers <c>tools/call</c>: finds the tool, holds the arguments against its schema, runs it.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Calling Tools</remarks>
internal sealed class ToolsCallHandler(McpServer server)
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("{}");

    private readonly ILogger logger = server.Options.LoggerFactory.CreateLogger<ToolsCallHandler>();

    public async ValueTask<Result> HandleAsync(JsonRpcRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        // MUST: tool invocations are rate limited.
        var isRun = context.Run is not null; // A task comes here again, to do what it was asked for.
        if (!isRun)
            await McpServer.RequireRateAsync(server.Options.ToolCallLimiter, context, cancellationToken).ConfigureAwait(false);
        var call = RequestParameters.Read(request, PlainCall.Read, static () => McpJson.Wire.CallToolRequestParams);
        if (!isRun)
            context.Resume(call.InputResponses, call.RequestState);
        if (!server.Tools.TryFind(call.Name, out var tool))
            throw new JsonRpcException(ErrorCode.InvalidParams, $"Unknown tool: '{call.Name}'. tools/list names those that are here.");

        context.RequireScopes(tool.Scopes);
        var arguments = call.Arguments ?? NoArguments;
        if (arguments.ValueKind != JsonValueKind.Object)
            throw new JsonRpcException(ErrorCode.InvalidParams, "The member 'arguments' must be an object.");

        // SHOULD: arguments that break the schema are a result with isError, which the model reads and can mend.
        var start = isRun ? null : StartOf(tool, call, context);
        if (start is not { IsOwed: true } && tool.WhatIsWrongWith(arguments) is { } wrong)
            return ToolResults.Error(wrong);
        if (start is not null)
            return await server.Tasks.Runs.CallAsync(start, tool, context, HandleAsync, cancellationToken).ConfigureAwait(false);

        try
        {
            var given = await tool.CallAsync(arguments, context, cancellationToken).ConfigureAwait(false);
            var result = context.OutcomeOf<CallToolResult>(given, "tool", tool.Name);

            // MUST: structured content keeps to the output schema.
            return tool.WhatIsWrongWith(result) is { } broken ? BrokenPromise(broken, tool) : result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception) when (context.IsInterrupted)
        {
            return context.Interruption();
        }
        catch (Exception fault) when (fault is not JsonRpcException)
        {
            return WhatTheToolThrew(fault, tool);
        }
    }

    private static TaskStart? StartOf(McpTool tool, CallToolRequestParams call, RequestContext context)
    {
        if (tool.Tasks is null && call.Task is null)
            return null;
        if (context.TaskForm is { } form)
            return form.StartOf(tool, call.Task);

        // MUST: who cannot take a task is told so, where there is no other way.
        return tool.Tasks is { Support: TaskSupport.Required } ? throw new MissingClientCapabilityException(TaskStart.Needs) : null;
    }

    private CallToolResult BrokenPromise(string wrong, McpTool tool)
    {
        logger.LogError("The tool '{Tool}' answered what it does not promise. {Wrong}", tool.Name, wrong);
        return ToolResults.Error($"The tool '{tool.Name}' failed: its answer does not fit its output schema.");
    }

    private CallToolResult WhatTheToolThrew(Exception fault, McpTool tool)
    {
        if (fault is ToolErrorException or InvalidToolInputException)
            return ToolResults.Error(fault.Message);

        logger.LogWarning(fault, "The tool '{Tool}' failed.", tool.Name);
        return ToolResults.Error(
            server.Options.IncludeExceptionMessages ? $"The tool '{tool.Name}' failed: {fault.Message}" : $"The tool '{tool.Name}' failed.");
    }
}
