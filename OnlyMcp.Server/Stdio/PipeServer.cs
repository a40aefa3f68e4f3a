using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Stdio;

/// <summary>Serves one client over one pipe: a stream of lines in each direction.</summary>
/// <remarks>
/// No queue stands between a line and its handler. Whoever has read a request runs the handler where it stands: on its own stack, so
/// that a debugger shows the way from the pipe to the tool. The reading goes on as soon as the handler comes back or waits for something;
/// one that keeps its thread has the reading handed on to another, like a <see cref="Baton"/>, so that a tool that blocks stalls nobody.
/// What must be in order (initialize, notifications, responses) is dealt with before the next line is read.
/// Spec: 2026-07-28 basic/transports/stdio §Receiving Messages
/// </remarks>
internal sealed class PipeServer : IThreadPoolWorkItem, IDisposable
{
    private static readonly TimeSpan TimeAfterCancellation = TimeSpan.FromSeconds(1);

    private readonly McpServer server;
    private readonly ServerLimits limits;
    private readonly ILogger logger;
    private readonly LineReader reader;
    private readonly LineWriter writer;
    private readonly PipeRequests requests;
    private readonly Conversation conversation;
    private readonly Baton baton;
    private readonly ReadingThreads? threads;
    private readonly CancellationTokenSource reading = new();
    private readonly TaskCompletionSource<Exception?> inputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PipeServer(McpServer server, Stream input, Stream output)
    {
        this.server = server;
        limits = server.Options.Limits;
        logger = server.Options.LoggerFactory.CreateLogger<PipeServer>();
        conversation = server.NewConversation();
        reader = new LineReader(input, limits.MaxMessageBytes) { Blocks = Blocks(input), RentsLines = true };
        writer = new LineWriter(output, limits.WriteTimeout, server.Options.TimeProvider) { Blocks = Blocks(output) };
        requests = new PipeRequests(server, conversation, writer, writer.DrainAsync, logger);
        baton = new Baton(HandReadingOn);
        threads = reader.Blocks ? new ReadingThreads(Execute) : null;
    }

    /// <summary>Serves until the client is gone, or <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource();
        await using var stop = cancellationToken.UnsafeRegister(_ => stopped.TrySetResult(), null).ConfigureAwait(false);
        HandReadingOn();
        await Task.WhenAny(inputEnded.Task, writer.Broken, stopped.Task).ConfigureAwait(false);
        await reading.CancelAsync().ConfigureAwait(false);
        var reason = WhyItEnds(cancellationToken);
        logger.LogDebug("{Reason}", reason.Message);

        // SHOULD: a server ends soon after its input has ended; the answers that are on their way may still leave.
        conversation.Close(reason);
        await requests.FinishAsync(limits.ShutdownTimeout, writer.Broken).ConfigureAwait(false);
        conversation.End(reason);

        // A handler that learns now that it is cancelled may still put away what it holds, before the process ends under it.
        await requests.Finished.WaitAsync(TimeAfterCancellation, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        requests.End();
    }

    /// <summary>Reads on, as a work item of the thread pool.</summary>
    public void Execute() => _ = ReadAsync();

    public void Dispose()
    {
        writer.Dispose();
        requests.Dispose();
        reading.Dispose();
    }

    /// <summary>Nobody is served who takes no answers.</summary>
    private bool MayReadOn => !reading.IsCancellationRequested && !writer.Broken.IsCompleted;

    /// <summary>A file of this kind has a thread wait for each of its bytes, whoever asks: standard input and output are such.</summary>
    private static bool Blocks(Stream stream) => stream is FileStream { IsAsync: false };

    private void HandReadingOn()
    {
        // Whoever reads from here on looks once whether answers wait: none may begin to wait after that.
        writer.GatherNoMore();
        if (threads is null)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else
            threads.HandOn();
    }

    /// <summary>Reads, and answers what it has read, until the end or until somebody else reads.</summary>
    private async Task ReadAsync()
    {
        try
        {
            if (!TryFlush())
                return;

            var isOnItsThread = true;
            while (MayReadOn)
            {
                if (!reader.TryRead(out var line))
                {
                    if (!TryFlush())
                        return;
                    if (threads is not null && !isOnItsThread)
                    {
                        HandReadingOn();
                        return;
                    }

                    if (await reader.ReadAsync(reading.Token).ConfigureAwait(false) is not { } next || !MayReadOn)
                        break;
                    line = next;
                }

                // What was waited for goes on elsewhere: in the pool, or on the stack of whoever ended the wait.
                var receiving = ReceiveAsync(line);
                isOnItsThread &= receiving.IsCompleted;
                if (await receiving.ConfigureAwait(false) is not { } message)
                    continue;

                // Both belong to whoever reads, which may be somebody else as soon as the handler runs.
                if (reader.HasLine)
                    writer.GatherHere();
                var run = baton.Begin();
                var answering = message.AnswerAsync();
                if (!baton.End(run))
                {
                    await answering.ConfigureAwait(false);
                    return;
                }

                writer.GatherNoMore();
            }

            inputEnded.TrySetResult(null);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException)
        {
            inputEnded.TrySetResult(fault);
        }
        catch (Exception fault)
        {
            // Nothing may get here; if it does, the pipe ends instead of standing still.
            logger.LogError(fault, "The reading of a pipe failed.");
            inputEnded.TrySetResult(fault);
        }
    }

    /// <summary>Lets the answers leave that wait, before reading does; false if that took so long that somebody else reads by now.</summary>
    private bool TryFlush()
    {
        if (!writer.HasGathered)
            return true;

        var run = baton.BeginTrusted();
        writer.Flush();
        return baton.End(run);
    }

    /// <summary>Deals with a line at once, or returns the request that stands on it, entered but not yet started.</summary>
    private async ValueTask<IPipeMessage?> ReceiveAsync(Line line)
    {
        try
        {
            if (line.IsTooLong)
                throw JsonRpcReader.TooLong(line.Bytes, limits.MaxMessageBytes);
            if (JsonRpcReader.IsArray(line.Bytes.Span) && server.AcceptsBatches(conversation))
            {
                writer.Flush();
                return await PipeBatch.ReceiveAsync(line.Bytes, requests, limits, writer).ConfigureAwait(false);
            }

            var message = JsonRpcReader.Parse(line.Bytes, limits.MaxDepth);
            if (message is not JsonRpcRequest)
                writer.Flush(); // A middleware may hold it up, and must not hold up the answers to what came before.
            var request = await requests.ReceiveAsync(message, writer).ConfigureAwait(false);
            if (request is null)
                return null;

            request.Line = line;
            if (request.Method != Methods.Initialize)
                return request;

            // What follows initialize relies on what it agrees, and it runs no code of the server's user.
            await request.AnswerAsync().ConfigureAwait(false);
        }
        catch (MalformedMessageException fault)
        {
            await requests.RefuseAsync(fault, line.Bytes, writer).ConfigureAwait(false);
        }

        return null;
    }

    private TransportClosedException WhyItEnds(CancellationToken cancellationToken)
    {
        if (writer.Broken.IsCompleted)
            return writer.Broken.Result;
        if (inputEnded.Task.IsCompleted)
            return new TransportClosedException("The client has closed its side.", inputEnded.Task.Result);
        return new TransportClosedException(cancellationToken.IsCancellationRequested ? "The server was stopped." : "The pipe has ended.");
    }
}
