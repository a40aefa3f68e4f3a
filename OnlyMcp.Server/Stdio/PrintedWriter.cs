using System.Text;

namespace OnlyMcp.Server.Stdio;

/// <summary>What is printed after standard output has been moved aside goes here, to standard error.</summary>
/// <remarks>
/// Standard error is opened by the first that prints: few servers ever do, and what Console takes for it is a good part of a start.
/// </remarks>
internal sealed class PrintedWriter : TextWriter
{
    private readonly Lazy<TextWriter> error = new(
        () => new StreamWriter(Console.OpenStandardError(), Console.OutputEncoding, leaveOpen: true) { AutoFlush = true });

    public override Encoding Encoding => error.Value.Encoding;

    public override void Write(char value) => error.Value.Write(value);

    public override void Write(char[] buffer, int index, int count) => error.Value.Write(buffer, index, count);

    public override void Write(ReadOnlySpan<char> buffer) => error.Value.Write(buffer);

    public override void Write(string? value) => error.Value.Write(value);

    public override void WriteLine(string? value) => error.Value.WriteLine(value);
}
