namespace OnlyMcp.Protocol.Testing;

/// <summary>What goes wrong on a way that a test has made bad on purpose. The same plan goes wrong in the same way each time.</summary>
public sealed record FaultPlan
{
    /// <summary>Where chance begins.</summary>
    public int Seed { get; init; }

    /// <summary>Breaks the way after so many bytes, in the middle of a message if it comes so; null for never. For streams.</summary>
    public long? CutAfterBytes { get; init; }

    /// <summary>Breaks the way after so many messages; null for never.</summary>
    public int? CutAfterMessages { get; init; }

    /// <summary>Which share of the messages comes twice, from 0 to 1.</summary>
    public double Duplicated { get; init; }

    /// <summary>Which share of the messages is overtaken by the one behind it, from 0 to 1.</summary>
    public double Overtaken { get; init; }

    /// <summary>In which share of the messages one byte is another, from 0 to 1.</summary>
    public double Garbled { get; init; }

    /// <summary>Which share of the messages comes late, from 0 to 1; those behind it wait too.</summary>
    public double Delayed { get; init; }

    /// <summary>How late such messages come; and how long one waits to be overtaken where none follows. 50 milliseconds.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Measures that.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
