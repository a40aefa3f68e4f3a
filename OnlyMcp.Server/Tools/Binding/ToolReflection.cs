namespace OnlyMcp.Server.Tools.Binding;

/// <summary>What a trimmed or ahead-of-time compiled program is told where tools are made from C# methods.</summary>
internal static class ToolReflection
{
    public const string UnreferencedCode =
        "A tool made from a method reads its parameters' types by reflection. In a trimmed program, register it with a schema and a handler.";

    public const string DynamicCode =
        "A tool made from a method builds converters and calls at run time. In a native program, register it with a schema and a handler.";
}
