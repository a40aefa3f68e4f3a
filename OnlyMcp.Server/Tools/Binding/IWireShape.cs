using System.Text.Json.Nodes;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>
/// A converter that says, as JSON Schema, what it reads. The schema of a tool asks the converter itself, so that what is promised and what
/// is bound cannot drift apart.
/// </summary>
internal interface IWireShape
{
    /// <summary>A new schema of the values that the converter reads; never of <c>null</c>.</summary>
    JsonObject Shape();

    /// <summary>A new schema of the same values as names of a dictionary's members; null where they cannot be names.</summary>
    JsonObject? NameShape();
}
