using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OnlyMcp.Tests.Support;

/// <summary>A log that keeps what it is told.</summary>
internal sealed class RecordedLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text, Exception? Fault)> lines = new();

    public IEnumerable<string> Lines => lines.Select(line => $"{line.Level}: {line.Text}");

    public IEnumerable<Exception> Exceptions => lines.Select(line => line.Fault).OfType<Exception>();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue((logLevel, formatter(state, exception), exception));

    public void Dispose()
    {
    }
}
