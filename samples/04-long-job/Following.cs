using System.Runtime.InteropServices;
using OnlyMcp.Client;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;

namespace LongJob;

/// <summary>Begins the job, or comes back to the one that an earlier run began, and follows it to its end.</summary>
internal sealed class Following(Options options) : IDisposable
{
    private const int Failed = 1;
    private const int GoesOn = 3;
    private const int Cancelled = 4;

    private static readonly RequestOptions Telling = new() { OnProgress = news => Console.WriteLine(news.Message) };

    private readonly CancellationTokenSource stop = new();
    private readonly HandleFile file = new(options.HandleFile);
    private ToolTask? task;

    public async Task<int> RunAsync()
    {
        using var byKey = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var bySystem = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await using var client = await McpClient.ConnectAsync(options.Url, Settings(), stop.Token);
            Console.WriteLine($"Connected to {options.Url}, which speaks {client.Revision}");
            return options.Cancels ? await CancelAsync(client) : await FollowAsync(client);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Leave();
        }
        catch (ToolTaskCancelledException)
        {
            file.Remove();
            Console.WriteLine("The job was cancelled");
            return options.Cancels ? 0 : Cancelled;
        }
        catch (TaskNotFoundException)
        {
            file.Remove();
            return Fail("The server does not know that job any more. The next run begins a new one.");
        }
        catch (FormatException fault)
        {
            return Fail($"{options.HandleFile} cannot be used: {fault.Message}");
        }
        catch (JsonRpcException fault)
        {
            if (task is { IsOver: true })
                file.Remove();
            return Fail($"The job failed: {fault.Message}");
        }
        catch (Exception fault)
        {
            return Fail($"The job cannot be followed: {fault.Message}");
        }
    }

    public void Dispose() => stop.Dispose();

    private async Task<int> FollowAsync(McpClient client)
    {
        var handle = file.Read();
        task = handle is null ? await BeginAsync(client) : ComeBack(client, handle);
        var answer = await task.WaitAsync(handle is null ? null : Telling, stop.Token); // What was begun with it tells by itself.
        file.Remove();
        Console.WriteLine(answer.Text);
        return answer.IsError ? Failed : 0;
    }

    private async Task<int> CancelAsync(McpClient client)
    {
        if (file.Read() is not { } handle)
            return Fail("There is no job to cancel.");

        task = ComeBack(client, handle);
        await task.CancelAsync(cancellationToken: stop.Token);
        var answer = await task.WaitAsync(cancellationToken: stop.Token);
        file.Remove();
        Console.WriteLine($"The job was done already: {answer.Text}");
        return answer.IsError ? Failed : 0;
    }

    private async Task<ToolTask> BeginAsync(McpClient client)
    {
        var begun = await client.StartToolAsync(Film.Tool, new { seconds = options.Seconds }, Telling, stop.Token);
        if (begun.Handle is not { } handle)
            return begun; // A server without tasks has answered already.

        try
        {
            file.Write(handle);
        }
        catch
        {
            await begun.CancelAsync(); // Nobody could come back to it.
            throw;
        }

        Console.WriteLine($"The job has begun; its handle is in {options.HandleFile}");
        return begun;
    }

    private static ToolTask ComeBack(McpClient client, TaskHandle handle)
    {
        Console.WriteLine($"Back at the job that began at {handle.CreatedAt.ToLocalTime():T}");
        return client.ResumeTask(handle);
    }

    private McpClientOptions Settings() => new()
    {
        ClientInfo = new() { Name = "film-lover", Version = "1.0.0" },
        Revisions = options.Era is { } era ? [KnownRevisions.Newest(era)] : KnownRevisions.All,
        OnElicit = new Question(options.Answer, StopBecause).AskAsync,
    };

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private void StopBecause(string reason)
    {
        Console.Error.WriteLine(reason);
        stop.Cancel();
    }

    private int Leave()
    {
        if (task is null)
            return Fail("Stopped before the job had begun.");

        Console.WriteLine("The job goes on without us. The same command comes back to it; with --cancel it is cancelled.");
        return GoesOn;
    }

    private static int Fail(string reason)
    {
        Console.Error.WriteLine(reason);
        return Failed;
    }
}
