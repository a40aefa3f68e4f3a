namespace OnlyMcp.Server.Tools.Binding;

/// <summary>The arguments of one call as values, in the order of the parameters they are bound to.</summary>
internal sealed class BoundArguments
{
    public object?[] Values { get; set; } = [];
}
