using Microsoft.Win32.SafeHandles;

namespace OnlyMcp.Server.Stdio;

/// <summary>
/// Standard input and output of this process, moved to where nothing but the protocol can reach them. What prints to standard output
/// after that prints to standard error, and what reads standard input reads nothing: <see cref="Console"/>, raw descriptors, and the
/// child processes that a tool starts.
/// </summary>
/// <remarks>
/// <see cref="McpServer.RunStdioAsync"/> does this by itself. Call <see cref="MoveAside"/> as the first statement of a program that
/// creates loggers or prints before it gets there: on Windows and macOS a writer that somebody has kept from before cannot be turned.
/// Spec: 2026-07-28 basic/transports/stdio §Sending Messages
/// </remarks>
public sealed class StdioWire : IDisposable
{
    private static readonly Lock Gate = new();
    private static StdioWire? moved;

    private StdioWire(Stream input, Stream output)
    {
        Input = input;
        Output = output;
    }

    /// <summary>What the client sends.</summary>
    public Stream Input { get; }

    /// <summary>What goes to the client.</summary>
    public Stream Output { get; }

    /// <summary>Moves the two aside, once in the life of a process: who comes later gets the same wire.</summary>
    /// <remarks>
    /// They are not moved back when the wire is disposed: it is closed instead, so that the client sees the end, and nothing that the
    /// process prints afterwards can reach the client in between.
    /// </remarks>
    public static StdioWire MoveAside()
    {
        lock (Gate)
            return moved ??= Move();
    }

    /// <summary>Closes both directions.</summary>
    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
    }

    private static StdioWire Move()
    {
        var (input, output) = MoveDescriptors();
        Console.SetIn(TextReader.Null);
        Console.SetOut(new PrintedWriter());
        return new StdioWire(input, output);
    }

    private static (Stream Input, Stream Output) MoveDescriptors()
    {
        try
        {
            if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD())
                return UnixDescriptors.MoveAside();
            if (OperatingSystem.IsWindows())
                return WindowsHandles.MoveAside();
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // The system's library has another name here.
        }

        // Only Console is turned then: raw descriptors and child processes still reach the client.
        return (Console.OpenStandardInput(), Console.OpenStandardOutput());
    }

    /// <summary>A descriptor or handle as a stream without a buffer of its own; an empty stream if there is none.</summary>
    internal static Stream StreamOf(nint handle, FileAccess access)
    {
        if (handle is 0 or -1)
            return Stream.Null;

        return new FileStream(new SafeFileHandle(handle, ownsHandle: true), access, bufferSize: 0);
    }
}
