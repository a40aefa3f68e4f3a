using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Client.Eras;

/// <summary>Asks the opening questions that <see cref="EraProbe"/> chooses until one of them opens a conversation.</summary>
/// <remarks>Spec: 2026-07-28 basic/versioning §Backward Compatibility with Initialization-Based Versions</remarks>
internal sealed class EraSearch(IServerAddress address, McpClientOptions options)
{
    private const int MaxQuestions = 8;

    private readonly IReadOnlyList<Revision> allowed = options.Allowed;
    private readonly List<string> trail = [];
    private Exception? last;

    public async Task<IClientEra> RunAsync(CancellationToken cancellationToken)
    {
        var remembered = address.Key is { } key ? options.EraVerdicts.Find(key) : null;
        ProbeStep step = EraProbe.First(allowed, remembered, address.IsHttp);
        while (trail.Count < MaxQuestions && step is ProbeStep.Try attempt)
        {
            var (answer, conversation, result) = await AskAsync(attempt, remembered, cancellationToken).ConfigureAwait(false);
            step = EraProbe.Judge(attempt, answer, allowed);
            if (step is ProbeStep.Settle settled)
                return await EnterAsync(attempt.Approach, conversation!, settled.Revision, result, cancellationToken).ConfigureAwait(false);

            trail.Add($"{NameOf(attempt.Approach)}: {answer.Summary}");
            if (remembered is null || step is ProbeStep.GiveUp { IsEvidence: false } or ProbeStep.Try { IsRepeat: true })
                continue;

            // The server is no longer what was remembered: the search starts over without it.
            options.EraVerdicts.Forget(address.Key!);
            remembered = null;
            step = EraProbe.First(allowed, null, address.IsHttp);
        }

        throw GaveUp(step);
    }

    private async Task<(ProbeAnswer Answer, ClientConversation? Conversation, JsonBody Result)> AskAsync(
        ProbeStep.Try attempt, Approach? remembered, CancellationToken cancellationToken)
    {
        try
        {
            var conversation = await address.OpenAsync(attempt, cancellationToken).ConfigureAwait(false);
            var entrance = ClientEras.Of(attempt.Revision.Era);
            entrance.Prepare(conversation);
            var question = entrance.Opening(attempt.Revision, options);

            // A server known to answer the first question, or one that must, is given the usual time for it.
            if (remembered is not null || allowed.All(revision => revision.Era == attempt.Revision.Era))
                question = question with { Timeouts = options.Timeouts };
            var result = await conversation.AskAsync(question, cancellationToken).ConfigureAwait(false);
            return (ProbeAnswer.Of(result), conversation, result);
        }
        catch (Exception fault) when (ProbeAnswer.TryOf(fault, out _))
        {
            last = fault;
            ProbeAnswer.TryOf(fault, out var answer);
            return (answer!, null, default);
        }
    }

    private async Task<IClientEra> EnterAsync(
        Approach approach, ClientConversation conversation, Revision revision, JsonBody result, CancellationToken cancellationToken)
    {
        var era = await ClientEras.Of(revision.Era).EnterAsync(conversation, revision, result, cancellationToken).ConfigureAwait(false);

        if (address.Key is not { } key)
            return era;

        // What a client found that may not speak all revisions says nothing about what the server would rather speak.
        if (allowed.Count == KnownRevisions.All.Count)
            options.EraVerdicts.Remember(key, approach);
        conversation.Contradicted = () => options.EraVerdicts.Forget(key);
        return era;
    }

    private ConnectException GaveUp(ProbeStep step)
    {
        var reason = step is ProbeStep.GiveUp gaveUp ? gaveUp.Reason : $"No agreement after {MaxQuestions} questions.";
        var story = trail.Count > 1 ? $" What was tried: {string.Join("; ", trail)}" : "";
        var status = last switch
        {
            HttpStatusException http => http.Status,
            JsonRpcException { ReceivedHttpStatus: not 200 and var received } => received,
            _ => (int?)null,
        };
        var sendsNone = options.Authorization is null && !options.Headers.Keys.Contains("Authorization", StringComparer.OrdinalIgnoreCase);
        var advice = status == 401 && sendsNone
            ? $" {nameof(McpClientOptions)}.{nameof(McpClientOptions.Authorization)} gets the token that it wants."
            : "";
        return new ConnectException($"No conversation with {address.Name}. {reason}{story}{advice}", status, last);
    }

    private static string NameOf(Approach approach) => approach switch
    {
        Approach.Discover => "server/discover",
        Approach.Initialize => "initialize",
        _ => "GET for HTTP+SSE",
    };
}
