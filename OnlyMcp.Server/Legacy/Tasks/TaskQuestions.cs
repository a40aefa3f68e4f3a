using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Inputs;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Legacy.Tasks;

/// <summary>Asks the client what a task needs to know, with requests on the stream of one that waits for its result.</summary>
/// <remarks>
/// A question that is not answered on this stream stays with the task, for the next request that waits: because its time is over, the client
/// has left, or has cancelled the waiting, which never cancels the task.
/// Spec: 2025-11-25 basic/utilities/tasks §Input Required Status
/// </remarks>
internal sealed class TaskQuestions(
    McpServer server, Session session, RequestContext context, string taskId, QuestionTurns turns, ILogger logger)
{
    private readonly ServerRequests channel = new(session, server.Options, taskId);
    private readonly Dictionary<(string Key, string Digest), Asking> begun = [];

    /// <summary>Asks each question once, until the task has ended or is gone; takes back what nobody needs to know any more.</summary>
    public async Task AskUntilEndedAsync(StoredTask task, CancellationToken cancellationToken)
    {
        try
        {
            for (StoredTask? current = task; current is { IsEnded: false };)
            {
                var open = current.Questions.Where(question => !question.Value.IsAnswered)
                    .ToDictionary(question => (question.Key, InputDigest.Of(question.Value.Request)), question => question.Value);
                foreach (var (place, asking) in begun.Where(asking => !open.ContainsKey(asking.Key)).ToArray())
                {
                    begun.Remove(place);
                    await asking.EndAsync().ConfigureAwait(false);
                }

                foreach (var (place, question) in open.Where(question => !begun.ContainsKey(question.Key) && CanTake(question.Value.Request)))
                    begun[place] = new Asking(token => AskAsync(place.Key, place.Item2, question, token), cancellationToken);

                var seen = current.Version;
                current = await server.Tasks.UntilAsync(taskId, next => next.Version != seen, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            // What is taken back leaves before the answer does.
            foreach (var asking in begun.Values)
                await asking.EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>MUST NOT: a client is not asked for what it did not declare. Another session of its owner may have declared more.</summary>
    /// <exception cref="JsonRpcException">It takes nothing but the answer.</exception>
    private bool CanTake(InputRequest question) =>
        context.Exchange.Answer is { TakesEvents: false }
            ? throw new JsonRpcException(
                ErrorCode.InvalidRequest,
                "The task asks its client something, and for that the answer has to be a stream: Accept must list text/event-stream.")
            : DeclaredCapabilities.Cover(session.ClientCapabilities, InputQuestion.Needs(question));

    private async Task AskAsync(string key, string digest, TaskQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            using var turn = await turns.TakeAsync(taskId, key, context, cancellationToken).ConfigureAwait(false);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, turn.GivenUp);
            if (!await IsOpenAsync(key, digest, either.Token).ConfigureAwait(false))
                return;

            var answer = await AnswerAsync(question.ToolKey ?? key, question.Request, either.Token).ConfigureAwait(false);
            await KeepAsync(key, digest, answer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception reason) when (reason is OperationCanceledException or RequestTimedOutException or TransportClosedException)
        {
            logger.LogDebug("The question '{Key}' of the task {TaskId} was not answered here: {Reason}", key, taskId, reason.Message);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "The question '{Key}' of the task {TaskId} could not be asked.", key, taskId);
        }
    }

    /// <summary>
    /// What changes about the question. Choice: what does not fit it is for the tool to hear, as it is in a call that is no task.
    /// </summary>
    private async Task<Func<TaskQuestion, TaskQuestion>> AnswerAsync(string key, InputRequest question, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await channel.AskAsync(context, key, question, null, cancellationToken).ConfigureAwait(false);
            return open => open with { Answer = answer };
        }
        catch (JsonRpcException refused)
        {
            JsonElement? data = refused.Error.Data.IsAbsent ? null : refused.Error.Data.ToElement();
            return open => open with { Refusal = new TaskError { Code = refused.Code, Message = refused.Message, Data = data } };
        }
        catch (ProtocolFaultException fault)
        {
            return open => open with { Refusal = new TaskError { Code = ErrorCode.InternalError, Message = fault.Message } };
        }
    }

    private async ValueTask<bool> IsOpenAsync(string key, string digest, CancellationToken cancellationToken)
    {
        var task = await server.Options.Tasks.Store.FindAsync(taskId, cancellationToken).ConfigureAwait(false);
        return task?.Questions.TryGetValue(key, out var question) == true && IsIt(question, digest);
    }

    /// <summary>The client answers once: the answer is kept as soon as the store can.</summary>
    private async Task KeepAsync(string key, string digest, Func<TaskQuestion, TaskQuestion> answer, CancellationToken cancellationToken)
    {
        await server.Tasks.InsistAsync(
            taskId, () => server.Tasks.UpdateAsync(taskId, Answered, CancellationToken.None), cancellationToken).ConfigureAwait(false);

        StoredTask? Answered(StoredTask task) => task.Questions.TryGetValue(key, out var question) && IsIt(question, digest)
            ? task.With([KeyValuePair.Create(key, answer(question))])
            : null;
    }

    // An answer counts for the question that it was given to, and for no other under the same key.
    private static bool IsIt(TaskQuestion question, string digest) => !question.IsAnswered && InputDigest.Of(question.Request) == digest;

    /// <summary>A question on its way.</summary>
    private sealed class Asking
    {
        private readonly CancellationTokenSource end;
        private readonly Task asking;

        public Asking(Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
        {
            end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            asking = ask(end.Token);
        }

        /// <summary>Takes it back, if it has no answer yet.</summary>
        public async Task EndAsync()
        {
            if (!asking.IsCompleted)
                await end.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(false);
            end.Dispose();
        }
    }
}
