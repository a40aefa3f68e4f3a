using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Inputs;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Modern;

/// <summary>What a task asks: each question is answered once, however often it is repeated, while the task goes on being looked at.</summary>
/// <remarks>
/// Spec: ext-tasks tasks §Task Update Requests
/// Spec: ext-tasks tasks §Security Considerations
/// </remarks>
internal sealed class TaskQuestions(ClientConversation conversation, Revision revision, ServerDescription server, string taskId)
{
    private readonly HashSet<string> delivered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OpenQuestion> open = new(StringComparer.Ordinal);
    private Task? allAnswered;
    private int asked;

    private ClientLimits Limits => conversation.Options.Limits;

    /// <summary>Takes what the task asks now: understands every new question before anyone is asked, then asks all at the same time.</summary>
    /// <exception cref="InputRequiredException">Nobody here answers one.</exception>
    /// <exception cref="ProtocolFaultException">One makes no sense, or there are too many.</exception>
    public void Take(IReadOnlyDictionary<string, InputRequest>? outstanding)
    {
        // What is not asked any more need not be answered.
        foreach (var (key, question) in open.Where(question => outstanding?.ContainsKey(question.Key) != true).ToArray())
            Forget(key, question);

        var added = (outstanding ?? new Dictionary<string, InputRequest>()).Where(asked => !delivered.Contains(asked.Key) && !open.ContainsKey(asked.Key)).ToArray();
        CheckCount(added.Length);
        var handlers = added.Select(asked => (asked.Key, Handler: Find(asked.Key, asked.Value))).ToArray();
        var context = new InputContext
        {
            Server = conversation.Server,
            ServerInfo = server.Info,
            Method = Methods.ToolsCall,
            TaskId = taskId,
        };
        foreach (var (key, handler) in handlers)
            open[key] = new OpenQuestion(handler, context);
        if (added.Length > 0)
            (allAnswered, asked) = (null, asked + added.Length);
    }

    /// <summary>Waits until every open question is answered, one cannot be, or the time is over.</summary>
    public async Task WaitAsync(Func<CancellationToken, Task> time, CancellationToken cancellationToken)
    {
        if (open.Count == 0)
        {
            await time(cancellationToken).ConfigureAwait(false);
            return;
        }

        // A user may think for days, and be waited for a second at a time: whatever waits for the answers is made once.
        allAnswered ??= AllAnsweredAsync([.. open.Values.Select(question => question.Answer)]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = time(stop.Token);
        var first = await Task.WhenAny(waiting, allAnswered).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        if (first == waiting)
            await waiting.ConfigureAwait(false);
        else
            await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The answers that are there and that the server has not got; throws what a handler has thrown.</summary>
    public Dictionary<string, JsonElement> Answers()
    {
        var answers = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (key, question) in open.Where(question => question.Value.Answer.IsCompleted).ToArray())
        {
            if (!question.Answer.IsCompletedSuccessfully)
                Drop(key);
            var answer = question.Answer.GetAwaiter().GetResult();
            answers[key] = JsonSerializer.SerializeToElement(answer, McpJson.Wire.Options.GetTypeInfo(answer.GetType()));
        }

        return answers;
    }

    /// <summary>The server has these answers.</summary>
    public void Delivered(IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            delivered.Add(key);
            Drop(key);
        }
    }

    /// <summary>The server does not take these answers: whoever waits next is asked anew.</summary>
    public void Refused(IEnumerable<string> keys)
    {
        foreach (var key in keys)
            Drop(key);
    }

    /// <summary>Nobody waits for the task any more: who is being asked is left alone. An answer that is there stays.</summary>
    public void Rest()
    {
        foreach (var (key, question) in open.Where(question => !question.Value.Answer.IsCompletedSuccessfully).ToArray())
        {
            Forget(key, question);
            asked--; // It is not the server's doing if it has to be asked again.
        }
    }

    private void Forget(string key, OpenQuestion question)
    {
        question.Stop();
        Drop(key);
    }

    private void Drop(string key)
    {
        open.Remove(key);
        allAnswered = null;
    }

    private void CheckCount(int added)
    {
        if (added > Limits.MaxInputRequests)
            throw new ProtocolFaultException(
                $"The task '{taskId}' asks {added} questions at a time, more than {Limits.MaxInputRequests} (ClientLimits.MaxInputRequests).");

        // One that is taken back counts too: somebody was asked.
        if (asked + added > Limits.MaxTaskQuestions)
            throw new ProtocolFaultException(
                $"The task '{taskId}' asks more than the {Limits.MaxTaskQuestions} questions that one may ask (ClientLimits.MaxTaskQuestions).");
    }

    private InputHandler Find(string key, InputRequest question)
    {
        try
        {
            return conversation.Inputs.Find(question.Method, question.Params, revision);
        }
        catch (NoInputHandlerException fault)
        {
            throw new InputRequiredException(
                Methods.ToolsCall,
                $"Its task '{taskId}' sent '{question.Method}', and {fault.Message} Set McpClientOptions.{fault.Option} to answer it.",
                fault);
        }
        catch (JsonRpcException fault)
        {
            throw new ProtocolFaultException($"The task '{taskId}' asks what cannot be answered, under '{key}': {fault.Message}", innerException: fault);
        }
    }

    private static async Task AllAnsweredAsync(Task<Result>[] answers)
    {
        await foreach (var answer in Task.WhenEach(answers).ConfigureAwait(false))
        {
            if (!answer.IsCompletedSuccessfully)
                return;
        }
    }

    /// <summary>A question that somebody is being asked. Its handler may block, and must not hold up whoever looks at the task.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no linked source: it holds nothing to give back.")]
    private sealed class OpenQuestion
    {
        private readonly CancellationTokenSource stop = new();

        public OpenQuestion(InputHandler handler, InputContext context) =>
            Answer = Task.Run(() => handler(context, stop.Token).AsTask());

        public Task<Result> Answer { get; }

        public void Stop()
        {
            stop.Cancel();

            // Nobody looks any more; what goes wrong from here on is no news.
            _ = Answer.ContinueWith(
                done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }
}
