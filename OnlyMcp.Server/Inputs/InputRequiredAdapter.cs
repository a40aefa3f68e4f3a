using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Inputs;

/// <summary>
/// Lets handlers that answer with what they need serve clients that can be asked in place: asks the client each question, and runs the
/// handler again with the answers.
/// </summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/mrtr §Basic Workflow</remarks>
internal sealed class InputRequiredAdapter(IInputChannel channel, RequestContext context, Func<CancellationToken, ValueTask<Result>> again)
{
    /// <summary>Asks until there is a result; the rounds are bounded.</summary>
    public async ValueTask<Result> AnswerAsync(InputRequiredResult asked, CancellationToken cancellationToken)
    {
        while (true)
        {
            context.Inputs.RequireSupport();
            var state = await context.Inputs.NextAsync(asked, cancellationToken).ConfigureAwait(false);
            context.Inputs.Resume(state, await AskAsync(asked, cancellationToken).ConfigureAwait(false));
            await channel.EndRoundAsync(context, cancellationToken).ConfigureAwait(false);
            var result = await again(cancellationToken).ConfigureAwait(false);
            if (result is not InputRequiredResult more)
                return result;

            asked = more;
        }
    }

    /// <summary>All at once; the first that fails takes the others back.</summary>
    private async Task<Dictionary<string, JsonElement>> AskAsync(InputRequiredResult asked, CancellationToken cancellationToken)
    {
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var questions = asked.InputRequests ?? new Dictionary<string, InputRequest>();
        var asking = questions.Select(question => AskOneAsync(question.Key, question.Value, others));
        return (await Task.WhenAll(asking).ConfigureAwait(false)).ToDictionary();
    }

    private async Task<KeyValuePair<string, JsonElement>> AskOneAsync(string key, InputRequest question, CancellationTokenSource others)
    {
        try
        {
            var answer = await channel.AskInRoundAsync(context, key, question, others.Token).ConfigureAwait(false);
            return InputAnswer.WhatIsWrongWith(question.Method, InputAnswer.SchemaOf(question), answer) is { } wrong
                ? throw new JsonRpcException(
                    ErrorCode.InternalError, $"The client's answer to '{question.Method}' ('{key}') does not fit: {wrong}")
                : new(key, answer);
        }
        catch (Exception)
        {
            await others.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }
}
