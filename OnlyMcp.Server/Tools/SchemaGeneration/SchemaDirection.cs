namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>
/// Arguments are held to their schema, so it states what may be left out and forbids the rest. Results only promise: the schema states
/// what is always written and stays open, so that a field can be added without breaking anyone.
/// </summary>
internal enum SchemaDirection
{
    Arguments,
    Results,
}
