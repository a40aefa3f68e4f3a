using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>One keyword of a schema, or a few that belong together, ready to judge a value.</summary>
/// <param name="path">Where the keyword stands, as a JSON Pointer in a URI fragment.</param>
internal abstract class Check(string path)
{
    public string Path => path;

    /// <summary>Whether it judges the value as a whole, so that the description of the whole schema says what was expected.</summary>
    /// <remarks>A check that does not speaks for itself: it reports its own errors, or leaves that to its subschemas.</remarks>
    public virtual bool SpeaksForSchema => false;

    /// <summary>Whether it must know what all other checks have evaluated, and therefore runs last.</summary>
    public virtual bool NeedsEvaluated => false;

    /// <summary>The schemas that it applies to the very value it is given, and not to a part of it.</summary>
    public virtual IEnumerable<SchemaNode> InPlace => [];

    public abstract bool Accepts(JsonElement instance, ref Evaluation evaluation);

    /// <summary>What fits, as a noun ("an integer"), if this check decides that.</summary>
    public virtual string? Noun(int patience) => null;

    /// <summary>What else is asked ("of at least 1"), to stand after the noun.</summary>
    public virtual string? Qualifier => null;
}

/// <summary>A check that looks at the value alone: no subschema, no error of its own.</summary>
internal abstract class ValueCheck(string path) : Check(path)
{
    public override bool SpeaksForSchema => true;
}
