using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace OnlyMcp.Tests.Support;

/// <summary>What a child process left behind.</summary>
public sealed record ChildResult(int ExitCode, string Output, string Errors);

/// <summary>A process that a test started: its lines, its errors, and its end together with everything that it started itself.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Channel<string> output = Channel.CreateUnbounded<string>();
    private readonly Channel<string> errorLines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder errors = new();
    private int disposed;

    private ChildProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Pass(line.Data, output.Writer);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                lock (errors)
                    errors.AppendLine(line.Data);
            }

            Pass(line.Data, errorLines.Writer);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public string Errors
    {
        get
        {
            lock (errors)
                return errors.ToString();
        }
    }

    /// <summary>Starts a program and keeps its standard input open.</summary>
    public static ChildProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new ChildProcess(new Process { StartInfo = start });
    }

    /// <summary>Runs a program without input to its end.</summary>
    public static async Task<ChildResult> RunAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? patience = null)
    {
        await using ChildProcess child = Start(command, environment);
        child.process.StandardInput.Close();
        return await child.EndAsync(patience);
    }

    public Task WriteLineAsync(string line) => process.StandardInput.WriteLineAsync(line);

    /// <summary>Writes all that the program will ever read.</summary>
    public async Task WriteAndCloseAsync(string text)
    {
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
    }

    /// <summary>Asks the program to end, as Ctrl+C does.</summary>
    public Task InterruptAsync() => RunAsync(["kill", "-INT", Id.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Ends the program at once, wherever it is.</summary>
    public void Kill() => process.Kill(entireProcessTree: true);

    /// <summary>Waits for the program's end; returns its exit code and what it printed that nobody has read.</summary>
    public async Task<ChildResult> EndAsync(TimeSpan? patience = null)
    {
        await InTime(process.WaitForExitAsync, patience, "end");
        StringBuilder text = new();
        await foreach (string line in output.Reader.ReadAllAsync())
            text.AppendLine(line);
        return new ChildResult(process.ExitCode, text.ToString(), Errors);
    }

    /// <summary>The next line of standard output.</summary>
    public Task<string> ReadLineAsync() => ReadAsync(output.Reader, "print a line");

    /// <summary>The first line of standard error that contains a text.</summary>
    public async Task<string> ReadErrorLineAsync(string text)
    {
        string line;
        do
            line = await ReadAsync(errorLines.Reader, $"say \"{text}\"");
        while (!line.Contains(text, StringComparison.Ordinal));
        return line;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;

        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<string> ReadAsync(ChannelReader<string> lines, string what)
    {
        string? line = null;
        await InTime(async cancellation => line = await lines.WaitToReadAsync(cancellation) && lines.TryRead(out string? next) ? next : null, null, what);
        return line ?? throw new InvalidOperationException($"{this} ended before it could {what}.\n{Errors}");
    }

    private async Task InTime(Func<CancellationToken, Task> wait, TimeSpan? patience, string what)
    {
        using CancellationTokenSource timeout = new(patience ?? Patience);
        try
        {
            await wait(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{this} did not {what} within {patience ?? Patience}.\n{Errors}");
        }
    }

    private static void Pass(string? line, ChannelWriter<string> lines)
    {
        if (line is null)
            lines.TryComplete();
        else
            lines.TryWrite(line);
    }

    public override string ToString() => string.Join(' ', process.StartInfo.ArgumentList.Prepend(process.StartInfo.FileName));
}
