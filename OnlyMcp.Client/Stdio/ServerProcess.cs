using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Stdio;

/// <summary>A server that runs as our child process, from its start to its end.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/stdio §Shutdown</remarks>
internal sealed partial class ServerProcess : IDisposable
{
    private const int Terminate = 15;

    private readonly Process process;
    private readonly StdioClientOptions options;
    private readonly StandardErrorReader errors;
    private readonly Task<int> exited;

    private ServerProcess(Process process, StdioClientOptions options)
    {
        this.process = process;
        this.options = options;
        errors = new StandardErrorReader(process.StandardError.BaseStream, options.StandardError);
        exited = ExitAsync();
    }

    /// <summary>What the server sends.</summary>
    public Stream Output => process.StandardOutput.BaseStream;

    /// <summary>What goes to the server.</summary>
    public Stream Input => process.StandardInput.BaseStream;

    /// <summary>Starts it.</summary>
    /// <exception cref="TransportClosedException">It could not be started; the message names the command.</exception>
    public static ServerProcess Start(StdioClientOptions options)
    {
        try
        {
            var start = ServerCommand.ToStartInfo(options);
            return new ServerProcess(Process.Start(start)!, options);
        }
        catch (FileNotFoundException fault)
        {
            throw new TransportClosedException(fault.Message, fault);
        }
        catch (Win32Exception fault)
        {
            throw new TransportClosedException($"The server's command '{options.Command}' could not be started: {fault.Message}", fault);
        }
    }

    /// <summary>Why nothing comes from the server any more: waits a moment for its exit code and last words.</summary>
    public async Task<TransportClosedException> ExplainAsync(TransportClosedException reason)
    {
        await WaitAsync(exited, TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        if (!exited.IsCompleted)
        {
            return new TransportClosedException($"{reason.Message} Its process '{options.Command}' is still running.", reason)
            {
                StandardErrorTail = errors.Tail,
            };
        }

        // A grandchild may hold the stream open.
        await WaitAsync(errors.Ended, TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        var tail = errors.Tail;
        var lastWords = tail.Count == 0 ? "" : $" Its last words: {tail[^1]}";
        var exitCode = await exited.ConfigureAwait(false);
        return new TransportClosedException(
            $"The server's process '{options.Command}' has ended with exit code {exitCode}.{lastWords}", reason)
        {
            ExitCode = exitCode,
            StandardErrorTail = tail,
        };
    }

    /// <summary>Ends it, now that its input is closed: waits, then asks, then kills it and all that it has started.</summary>
    public async Task EndAsync()
    {
        // SHOULD: close its input, wait, then SIGTERM, then SIGKILL.
        if (await WaitAsync(exited, options.ExitTimeout).ConfigureAwait(false))
            return;

        var tree = ProcessTree.Below(process.Id);
        if (OperatingSystem.IsWindows() || !Ask() || !await WaitAsync(exited, options.TerminateTimeout).ConfigureAwait(false))
            Kill();
        tree.KillTheRest();
        await WaitAsync(exited, TimeSpan.FromSeconds(5)).ConfigureAwait(false);
    }

    public void Dispose() => process.Dispose();

    private async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }

    private bool Ask() => process.HasExited || kill(process.Id, Terminate) == 0;

    private void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception fault) when (fault is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or something that it started is not ours to kill.
        }
    }

    private async Task<bool> WaitAsync(Task end, TimeSpan atMost)
    {
        await end.WaitAsync(atMost, options.Pipe.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return end.IsCompleted;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
