namespace OnlyMcp.Server.Tools;

/// <summary>How far a tool has come, for tools that take an <see cref="IProgress{T}"/> of it.</summary>
/// <param name="Progress">How far, in a unit of the tool's choice; finite, and more each time.</param>
/// <param name="Total">How far it will go, if that is known.</param>
/// <param name="Message">What is being done, for a person.</param>
public readonly record struct ProgressValue(double Progress, double? Total = null, string? Message = null);
