namespace OnlyMcp.LoadDriver;

/// <summary>The command line asks for something that there is not: says what there is.</summary>
internal sealed class CommandLineException(string what) : Exception($"{what} {Plan.Usage}");
