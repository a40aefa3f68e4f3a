using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Inputs;
using OnlyMcp.Server.Inputs.Forms;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server;

/// <content>
/// What a handler may ask its client. Where the client keeps no conversation with the server, <b>the handler stops at the question and
/// runs again, from its beginning, with the answer</b>: code before a question runs again, and what must not, stands in
/// <see cref="OnceAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/>. Handlers of tools, prompts and resources may
/// ask.
/// </content>
public sealed partial class RequestContext
{
    private RequestInputs? inputs;

    /// <summary>What the client answered to an <see cref="InputRequiredResult"/> that the handler returned; empty at first.</summary>
    /// <remarks>Spec: 2026-07-28 basic/patterns/mrtr §InputResponses</remarks>
    public InputResponses InputResponses => Inputs.Responses;

    /// <summary>
    /// The <see cref="InputRequiredResult.RequestState"/> that the handler returned, as it returned it; null at first. It travels sealed:
    /// the client can neither read nor change it.
    /// </summary>
    /// <remarks>Spec: 2026-07-28 basic/patterns/mrtr §InputRequiredResult</remarks>
    public string? RequestState => Inputs.OwnState;

    /// <summary>How the era asks; null where there is nobody to ask.</summary>
    internal IInputSource? InputSource { private get; init; }

    internal RequestInputs Inputs => inputs ?? Interlocked.CompareExchange(ref inputs, BeginInputs(), null) ?? inputs;

    /// <summary>Whether the handler has asked what only its next run can know: it has no result yet.</summary>
    internal bool IsInterrupted => inputs?.IsInterrupted == true;

    /// <summary>Asks the client's user to fill in a form. Never ask for a password or another secret so.</summary>
    /// <remarks>
    /// Code before it may run again, see <see cref="OnceAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/>.
    /// Spec: 2026-07-28 client/elicitation §Form Mode Elicitation Requests
    /// </remarks>
    /// <param name="key">Stands for this question; another one in the same request has another key.</param>
    /// <param name="question">The question and its fields.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the user did, and filled in: held against the schema.</returns>
    /// <exception cref="MissingClientCapabilityException">The client did not declare that its user can be asked.</exception>
    /// <exception cref="JsonRpcException">The client answered with an error.</exception>
    public async Task<ElicitResult> ElicitAsync(
        string key, ElicitRequestFormParams question, CancellationToken cancellationToken = default) =>
        InputAnswer.Read(await AskFormAsync(key, question, null, cancellationToken).ConfigureAwait(false), McpJson.Wire.ElicitResult);

    /// <inheritdoc cref="ElicitAsync(string, ElicitRequestFormParams, CancellationToken)"/>
    /// <param name="key">Stands for this question; another one in the same request has another key.</param>
    /// <param name="message">What is wanted, and why, for the user.</param>
    /// <param name="schema">The fields.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ElicitResult> ElicitAsync(string key, string message, ElicitSchema schema, CancellationToken cancellationToken = default) =>
        ElicitAsync(key, new ElicitRequestFormParams { Message = message, RequestedSchema = schema }, cancellationToken);

    /// <summary>Asks the client's user to fill in a <typeparamref name="T"/>: the form is made from its members.</summary>
    /// <remarks>
    /// Members are text, dates, numbers, booleans, enums and lists of enums. Nullable members and those with a default may be left empty;
    /// <c>[Description]</c>, <c>[DisplayName]</c> and DataAnnotations such as <c>[Range]</c>, <c>[StringLength]</c> and
    /// <c>[EmailAddress]</c> stand in the form, and hold.
    /// Code before it may run again, see <see cref="OnceAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/>.
    /// Spec: 2026-07-28 client/elicitation §Requested Schema
    /// </remarks>
    /// <param name="key">Stands for this question; another one in the same request has another key.</param>
    /// <param name="message">What is wanted, and why, for the user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A member has no place in a form; the message says which.</exception>
    /// <exception cref="MissingClientCapabilityException">The client did not declare that its user can be asked.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public async Task<Elicited<T>> ElicitAsync<T>(string key, string message, CancellationToken cancellationToken = default)
    {
        var form = TypedForm<T>.Of(Server.Options.SerializerOptions);
        var question = new ElicitRequestFormParams { Message = message, RequestedSchema = form.Schema };
        var answer = await AskFormAsync(key, question, form.WhatIsWrongWith, cancellationToken).ConfigureAwait(false);
        return Elicited(answer, form.Read);
    }

    /// <summary>The same with a given schema, and with a type that can be read without reflection: for a trimmed program.</summary>
    /// <param name="key">Stands for this question; another one in the same request has another key.</param>
    /// <param name="message">What is wanted, and why, for the user.</param>
    /// <param name="schema">The fields.</param>
    /// <param name="typeInfo">Reads what was filled in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MissingClientCapabilityException">The client did not declare that its user can be asked.</exception>
    public async Task<Elicited<T>> ElicitAsync<T>(
        string key, string message, ElicitSchema schema, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        var question = new ElicitRequestFormParams { Message = message, RequestedSchema = schema };
        var answer = await AskFormAsync(key, question, TypedForm.CheckOf(typeInfo), cancellationToken).ConfigureAwait(false);
        return Elicited(answer, content => content.Deserialize(typeInfo)!);
    }

    /// <summary>
    /// Asks the client's user to go to a web page, and do there what the client must not see: log in, pay, type a secret.
    /// </summary>
    /// <remarks>
    /// That the user accepts means that the page will be opened, not that anything was done there; the server's page knows. The page
    /// must make sure that whoever opens it is the user who was asked, and its address must hold nothing secret.
    /// Code before it may run again, see <see cref="OnceAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/>.
    /// Spec: 2026-07-28 client/elicitation §URL Mode Elicitation Requests
    /// </remarks>
    /// <param name="key">Stands for this question; another one in the same request has another key.</param>
    /// <param name="message">What is wanted, and why, for the user.</param>
    /// <param name="url">The page: https, or http for a test.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MissingClientCapabilityException">The client did not declare that it opens pages.</exception>
    public async Task<ElicitAction> ElicitUrlAsync(string key, string message, Uri url, CancellationToken cancellationToken = default)
    {
        var page = InputRequests.PageOf(message, url);
        Require(InputQuestion.Needs(page));
        var answer = await AskAsync(key, InputRequests.Elicit(page), null, cancellationToken).ConfigureAwait(false);
        return InputAnswer.Read(answer, McpJson.Wire.ElicitResult).Action;
    }

    /// <summary>
    /// Tells the client that the user is done on the page of <see cref="ElicitUrlAsync"/> or <see cref="UrlElicitationRequiredException"/>;
    /// does nothing where the client waits for no such news. May be called after the request was answered, while the session lasts.
    /// </summary>
    /// <remarks>Spec: 2025-11-25 client/elicitation §Completion Notifications for URL Mode Elicitation</remarks>
    /// <param name="key">The key of the question.</param>
    /// <param name="cancellationToken">Stops the sending.</param>
    public Task CompleteElicitationAsync(string key, CancellationToken cancellationToken = default) =>
        Inputs.Channel?.CompleteElicitationAsync(this, key, cancellationToken) ?? Task.CompletedTask;

    /// <summary>
    /// Asks the client's language model to go on with a conversation; its user may look at it first, change it, or say no.
    /// </summary>
    /// <remarks>
    /// Deprecated since 2026-07-28: new servers ask a model themselves.
    /// Code before it may run again, see <see cref="OnceAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/>.
    /// Spec: 2026-07-28 client/sampling §Creating Messages
    /// </remarks>
    /// <param name="key">Stands for this question; another one in the same request has another key.</param>
    /// <param name="question">The conversation, and what kind of model is wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The conversation breaks a rule about tools; the message says which.</exception>
    /// <exception cref="MissingClientCapabilityException">The client did not declare that its model can be asked, or given
    /// tools.</exception>
    /// <exception cref="JsonRpcException">The client answered with an error: -1 if its user said no.</exception>
    public async Task<CreateMessageResult> SampleAsync(
        string key, CreateMessageRequestParams question, CancellationToken cancellationToken = default)
    {
        var request = InputRequests.Sample(question);
        Require(InputQuestion.Needs(question));
        var answer = await AskAsync(key, request, null, cancellationToken).ConfigureAwait(false);
        return InputAnswer.Read(answer, McpJson.Wire.CreateMessageResult);
    }

    /// <inheritdoc cref="SampleAsync(string, CreateMessageRequestParams, CancellationToken)"/>
    /// <param name="key">Stands for this question; another one in the same request has another key.</param>
    /// <param name="prompt">What to say to the model.</param>
    /// <param name="maxTokens">The greatest length of the answer, in tokens.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<CreateMessageResult> SampleAsync(
        string key, string prompt, long maxTokens = 1000, CancellationToken cancellationToken = default) =>
        SampleAsync(key, InputRequests.ConversationOf(prompt, maxTokens), cancellationToken);

    /// <summary>Asks the client which folders the server may work in: guidance, and no fence.</summary>
    /// <remarks>
    /// Deprecated since 2026-07-28: new servers take folders as arguments.
    /// Code before it may run again, see <see cref="OnceAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/>.
    /// Spec: 2026-07-28 client/roots §Listing Roots
    /// </remarks>
    /// <param name="key">Stands for this question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MissingClientCapabilityException">The client did not declare that it tells.</exception>
    public async Task<IReadOnlyList<Root>> ListRootsAsync(string key = "roots", CancellationToken cancellationToken = default)
    {
        var question = InputRequests.ListRoots();
        Require(InputQuestion.Needs(question));
        var answer = await AskAsync(key, question, null, cancellationToken).ConfigureAwait(false);
        return InputAnswer.Read(answer, McpJson.Wire.ListRootsResult).Roots;
    }

    /// <summary>
    /// Does something once in a request, however often the handler runs: its result is kept, sealed, for the runs after it.
    /// </summary>
    /// <remarks>
    /// What throws is done again by the next run. A client that sends the same request anew, from the start, has it done anew as well:
    /// what must happen only once ever (a payment) needs a record of the server's own.
    /// </remarks>
    /// <param name="key">Stands for it; no question of the request has the same key.</param>
    /// <param name="run">Does it.</param>
    /// <param name="cancellationToken">Is handed on.</param>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public Task<T> OnceAsync<T>(string key, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken = default)
    {
        var options = BindingOptions.ForResults(Server.Options.SerializerOptions);
        return OnceAsync(key, run, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)), cancellationToken);
    }

    /// <inheritdoc cref="OnceAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/>
    /// <param name="key">Stands for it; no question of the request has the same key.</param>
    /// <param name="run">Does it.</param>
    /// <param name="typeInfo">Writes and reads its result, without reflection.</param>
    /// <param name="cancellationToken">Is handed on.</param>
    public async Task<T> OnceAsync<T>(
        string key, Func<CancellationToken, Task<T>> run, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(typeInfo);
        return (await Inputs.OnceAsync(key, RunAsync, cancellationToken).ConfigureAwait(false)).Deserialize(typeInfo)!;

        async Task<JsonElement> RunAsync(CancellationToken token) =>
            JsonSerializer.SerializeToElement(await run(token).ConfigureAwait(false), typeInfo);
    }

    /// <inheritdoc cref="OnceAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public Task OnceAsync(string key, Func<CancellationToken, Task> run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return OnceAsync(key, RunAsync, McpJson.Wire.String, cancellationToken);

        async Task<string> RunAsync(CancellationToken token)
        {
            await run(token).ConfigureAwait(false);
            return "";
        }
    }

    /// <summary>Takes what came with a request that is sent again with answers; costs nothing where nothing came.</summary>
    /// <exception cref="JsonRpcException">The state is not one to go on from (-32602).</exception>
    internal void Resume(IReadOnlyDictionary<string, JsonElement>? responses, string? requestState)
    {
        if (responses is not null || requestState is not null)
            InputSource?.Resume(this, responses, requestState);
    }

    /// <summary>What the handler's run has come to: its result, unless it asked for something, whatever it did afterwards.</summary>
    /// <param name="result">What the handler returned.</param>
    /// <param name="kind">What it handles: <c>tool</c>.</param>
    /// <param name="name">The name, or address, of that.</param>
    /// <exception cref="WrongResultException">It is no result of that kind, none that asks, and none of the user's own.</exception>
    /// <exception cref="InvalidOperationException">It asks by hand for what cannot be asked.</exception>
    /// <exception cref="MissingClientCapabilityException">It asks by hand for what the client did not declare.</exception>
    internal Result OutcomeOf<TResult>(Result? result, string kind, string name)
        where TResult : Result
    {
        if (inputs?.Interruption() is { } questions)
            return questions;
        if (result is InputRequiredResult asked)
            CheckByHand(asked);
        else if (result is not TResult && (result is null || McpJson.Wire.GetTypeInfo(result.GetType()) is not null))
            throw new WrongResultException($"The {kind} '{name}' answered with {result?.GetType().Name ?? "null"}, where a {typeof(TResult).Name} belongs.");
        return result;
    }

    /// <summary>The same for a handler that asked with an exception.</summary>
    internal InputRequiredResult OutcomeOf(InputRequiredResult asked) =>
        (InputRequiredResult)OutcomeOf<InputRequiredResult>(asked, "handler of", Request.Method);

    /// <summary>The same where the handler let an exception out: only if <see cref="IsInterrupted"/>.</summary>
    internal Result Interruption() => inputs!.Interruption()!;

    private RequestInputs BeginInputs() => InputSource?.Begin(this)
        ?? throw new InvalidOperationException($"'{Request.Method}' has no client to ask.");

    private Task<JsonElement> AskFormAsync(
        string key, ElicitRequestFormParams question, Func<JsonElement, string?>? check, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        Require(InputQuestion.Needs(question));
        return AskAsync(key, InputRequests.Elicit(question), check, cancellationToken);
    }

    private Task<JsonElement> AskAsync(
        string key, InputRequest question, Func<JsonElement, string?>? check, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Inputs.AskAsync(key, question, check, cancellationToken);
    }

    private static Elicited<T> Elicited<T>(JsonElement answer, Func<JsonElement, T> read)
    {
        var action = InputAnswer.Read(answer, McpJson.Wire.ElicitResult).Action;
        return new() { Action = action, Value = action == ElicitAction.Accept ? read(InputAnswer.ContentOf(answer)) : default };
    }

    private void CheckByHand(InputRequiredResult asked)
    {
        // MUST: at least one of the two.
        if (asked is { InputRequests: null or { Count: 0 }, RequestState: null })
            throw new InvalidOperationException("An InputRequiredResult has input requests, a request state, or both.");

        // MUST NOT: nothing that the client has not declared.
        foreach (var question in asked.InputRequests?.Values ?? [])
            Require(InputQuestion.Needs(question));
    }
}
