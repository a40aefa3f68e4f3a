using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Inputs;

/// <summary>What a handler asks in one request, and what it gets: at once, after waiting in place, or in its next run.</summary>
/// <remarks>
/// Each key stands for one question and one answer, however often the handler runs. Questions and what runs once may be asked for from
/// several tasks at a time.
/// Spec: 2026-07-28 basic/patterns/mrtr §Basic Workflow
/// </remarks>
/// <param name="context">The request.</param>
/// <param name="channel">Asks while the handler waits in place; null where the handler stops and runs again.</param>
internal sealed class RequestInputs(RequestContext context, IInputChannel? channel)
{
    /// <summary>How often one answer may be looked at in a run: a handler that asks until it likes the answer would never end.</summary>
    private const int MostLooks = 1000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> run = [];
    private readonly Dictionary<string, InputRequest> questions = [];
    private Dictionary<string, KnownInput> known = [];
    private IReadOnlyDictionary<string, JsonElement>? unasked;
    private JsonRpcException? misfit;
    private int round;

    /// <summary>Whether this run has asked what only a next one can know, or met an answer that does not fit: it has no result.</summary>
    public bool IsInterrupted
    {
        get
        {
            lock (gate)
                return questions.Count > 0 || misfit is not null;
        }
    }

    public IInputChannel? Channel => channel;

    /// <summary>What is known so far, for a run without the stack of this one.</summary>
    public InputState Known
    {
        get
        {
            lock (gate)
                return new InputState { Round = round, Own = OwnState, Known = new Dictionary<string, KnownInput>(known) };
        }
    }

    /// <summary>What was answered to questions that were asked by hand.</summary>
    public InputResponses Responses
    {
        get
        {
            lock (gate)
            {
                return new InputResponses(unasked is null
                    ? known.Where(input => input.Value.Asked.Method is not null).ToDictionary()
                    : unasked.ToDictionary(answer => answer.Key, answer => new KnownInput(new AskedInput(""), answer.Value)));
            }
        }
    }

    /// <summary>What a handler that asks by hand wanted to see again.</summary>
    public string? OwnState { get; private set; }

    private ServerLimits Limits => context.Server.Options.Limits;

    /// <summary>The client's answer to a question.</summary>
    /// <param name="key">Stands for the question.</param>
    /// <param name="question">The question, which the client can be asked.</param>
    /// <param name="check">Says what is wrong with an answer beyond what the question's own schema says; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait, where there is one.</param>
    public Task<JsonElement> AskAsync(
        string key, InputRequest question, Func<JsonElement, string?>? check, CancellationToken cancellationToken)
    {
        var asked = new AskedInput(InputDigest.Of(question));
        return TaskUnder(key, asked, () => AnswerAsync(key, asked, question, check, cancellationToken));
    }

    /// <summary>The result of something that runs once, in whichever run of the handler.</summary>
    public Task<JsonElement> OnceAsync(
        string key, Func<CancellationToken, Task<JsonElement>> once, CancellationToken cancellationToken)
    {
        var asked = new AskedInput(InputDigest.Once);
        return TaskUnder(key, asked, () => RunAsync(key, asked, once, cancellationToken));
    }

    /// <summary>Has the handler wait in place from here on, or stop and run again; false if it has stopped at a question already.</summary>
    public bool TryWaitInPlace(IInputChannel? inPlace)
    {
        lock (gate)
        {
            if (questions.Count > 0 || misfit is not null)
                return false;

            channel = inPlace;
            return true;
        }
    }

    /// <summary>What a run has come to: its own result, unless it has asked or met an answer that does not fit.</summary>
    /// <exception cref="JsonRpcException">An answer does not fit.</exception>
    public Result? Interruption()
    {
        lock (gate)
        {
            if (misfit is not null)
                throw misfit;
            return questions.Count > 0 ? new InputRequiredResult { InputRequests = new Dictionary<string, InputRequest>(questions) } : null;
        }
    }

    /// <summary>Begins a run with all that those before it came to.</summary>
    /// <param name="state">What they came to.</param>
    /// <param name="answers">What the client sent: what it was not asked for does not count.</param>
    public void Resume(InputState state, IReadOnlyDictionary<string, JsonElement>? answers)
    {
        lock (gate)
        {
            run.Clear();
            questions.Clear();
            unasked = null;
            round = state.Round;
            OwnState = state.Own;
            known = new(state.Known);
            foreach (var (key, asked) in state.Asked)
            {
                if (answers?.TryGetValue(key, out var answer) == true)
                    known[key] = new KnownInput(asked, answer);
            }
        }
    }

    /// <summary>MUST NOT: the client is asked for input on the requests that have room for it, and on no other.</summary>
    /// <exception cref="InvalidOperationException">This request is another.</exception>
    public void RequireSupport()
    {
        if (context.Request.Method is not (Methods.ToolsCall or Methods.PromptsGet or Methods.ResourcesRead))
            throw new InvalidOperationException(
                $"'{context.Request.Method}' cannot ask the client; "
                + $"{Methods.ToolsCall}, {Methods.PromptsGet} and {Methods.ResourcesRead} can.");
    }

    /// <summary>Takes answers to nothing: those of a client that was not asked, or has lost the state.</summary>
    public void Receive(IReadOnlyDictionary<string, JsonElement> answers)
    {
        lock (gate)
            unasked = answers;
    }

    /// <summary>What the next run has to know, when the client has been asked this; waits for what runs once and is under way.</summary>
    /// <exception cref="JsonRpcException">The client has been asked too often.</exception>
    public async Task<InputState> NextAsync(InputRequiredResult asked, CancellationToken cancellationToken)
    {
        Task[] running;
        lock (gate)
            running = [.. run.Values.Select(entry => entry.Started).OfType<Task>()];
        await Task.WhenAll(running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (round >= Limits.MaxInputRounds)
                throw new JsonRpcException(
                    ErrorCode.InternalError, $"The client has been asked for input {round} times for this request, which is the limit.");

            var byHand = questions.Count == 0;
            var open = (asked.InputRequests ?? new Dictionary<string, InputRequest>())
                .ToDictionary(question => question.Key, question => AskedBy(question.Value, byHand));
            return new InputState
            {
                Round = round + 1,
                Known = known.Where(input => !open.ContainsKey(input.Key)).ToDictionary(),
                Asked = open,
                Own = byHand ? asked.RequestState : OwnState,
            };
        }
    }

    private static AskedInput AskedBy(InputRequest question, bool byHand) => byHand
        ? new AskedInput(InputDigest.Of(question), question.Method, InputAnswer.SchemaOf(question))
        : new AskedInput(InputDigest.Of(question));

    /// <summary>What is under way, or done, under a key in this run; begins it if it is the first time.</summary>
    private Task<JsonElement> TaskUnder(string key, AskedInput asked, Func<Task<JsonElement>> begin)
    {
        Entry? entry;
        lock (gate)
        {
            if (!run.TryGetValue(key, out entry))
            {
                if (run.Count >= Limits.MaxInputs)
                    throw new InvalidOperationException(
                        $"A request has at most {Limits.MaxInputs} keys (ServerLimits.MaxInputs): ask for more at a time.");
                run[key] = entry = new Entry(asked.Digest, begin);
            }

            if (entry.Digest != asked.Digest)
                throw new InvalidOperationException(
                    $"The key '{key}' stands for something else in this request already: use another key for another question.");
            if (++entry.Looks > MostLooks)
                throw new InvalidOperationException(
                    $"'{key}' was asked for {MostLooks} times: the answer under a key stays. To ask once more, use another key.");
        }

        // Begun without the lock: it may run a handler's own code.
        return entry.Task;
    }

    /// <summary>MUST NOT: an answer counts for the question that it was given to, and for no other under the same key.</summary>
    private JsonElement? KnownUnder(string key, AskedInput asked) =>
        known.TryGetValue(key, out var input) && input.Asked.Digest == asked.Digest ? input.Value : null;

    private JsonElement Checked(string key, InputRequest question, Func<JsonElement, string?>? check, JsonElement answer)
    {
        if (WhatIsWrongWith(question, check, answer) is not { } wrong)
            return answer;

        misfit ??= InputResponses.Unfit(key, wrong);
        throw misfit;
    }

    private async Task<JsonElement> AnswerAsync(
        string key, AskedInput asked, InputRequest question, Func<JsonElement, string?>? check, CancellationToken cancellationToken)
    {
        IInputChannel inPlace;
        lock (gate)
        {
            if (KnownUnder(key, asked) is { } known)
                return Checked(key, question, check, known);
            inPlace = channel ?? throw Stop(key, question);
        }

        var answer = await inPlace.AskAsync(context, key, question, check, cancellationToken).ConfigureAwait(false);
        if (WhatIsWrongWith(question, check, answer) is { } wrong)
            throw new ProtocolFaultException(
                $"The client's answer to '{question.Method}' ('{key}') does not fit: {wrong}",
                JsonSerializer.SerializeToUtf8Bytes(answer, McpJson.Wire.JsonElement));

        Keep(key, asked, answer);
        return answer;
    }

    private async Task<JsonElement> RunAsync(
        string key, AskedInput asked, Func<CancellationToken, Task<JsonElement>> once, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (KnownUnder(key, asked) is { } known)
                return known;

            // What runs once may rely on an answer that is still open.
            if (questions.Keys.FirstOrDefault() is { } open)
                throw new QuestionAskedException(open);
        }

        var result = await once(cancellationToken).ConfigureAwait(false);
        Keep(key, asked, result);
        if (channel is { } inPlace)
            await inPlace.KeepAsync(context, key, result, cancellationToken).ConfigureAwait(false);
        return result;
    }

    private QuestionAskedException Stop(string key, InputRequest question)
    {
        RequireSupport();
        questions[key] = question;
        return new QuestionAskedException(key);
    }

    private static string? WhatIsWrongWith(InputRequest question, Func<JsonElement, string?>? check, JsonElement answer) =>
        InputAnswer.WhatIsWrongWith(question.Method, InputAnswer.SchemaOf(question), answer) ?? check?.Invoke(answer);

    private void Keep(string key, AskedInput asked, JsonElement value)
    {
        lock (gate)
            known[key] = new KnownInput(asked, value);
    }

    /// <summary>What was asked for under a key in this run.</summary>
    private sealed class Entry(string digest, Func<Task<JsonElement>> begin)
    {
        private readonly Lazy<Task<JsonElement>> task = new(begin);

        public string Digest { get; } = digest;

        public int Looks { get; set; }

        public Task<JsonElement> Task => task.Value;

        public Task? Started => task.IsValueCreated ? task.Value : null;
    }
}
