namespace OnlyMcp.LoadDriver;

/// <summary>How thoroughly is measured.</summary>
internal enum Pace
{
    /// <summary>Figures to publish.</summary>
    Full,

    /// <summary>A look: fewer and shorter rounds everywhere.</summary>
    Quick,

    /// <summary>Whether everything runs and answers rightly. The figures say nothing.</summary>
    Smoke,
}
