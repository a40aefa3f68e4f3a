namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The schema resources that an evaluation has passed through, innermost first.</summary>
/// <remarks>JSON Schema 2020-12 Core §7.1: the dynamic scope, in which $dynamicRef looks for its target.</remarks>
internal sealed record DynamicScope(SchemaResource Resource, DynamicScope? Outer)
{
    /// <summary>The target in the outermost resource that has a $dynamicAnchor of that name.</summary>
    public static SchemaNode? FindOutermost(DynamicScope? scope, string anchor)
    {
        SchemaNode? found = null;
        for (; scope is not null; scope = scope.Outer)
            found = scope.Resource.DynamicTargets.GetValueOrDefault(anchor, found!);
        return found;
    }
}
