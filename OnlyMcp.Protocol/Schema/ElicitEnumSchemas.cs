namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>One of several strings.</summary>
public sealed record UntitledSingleSelectEnumSchema : PrimitiveSchema
{
    /// <inheritdoc/>
    public override string Type => "string";

    /// <summary>The strings to choose from.</summary>
    public required IReadOnlyList<string> Enum { get; init; }

    /// <summary>What is chosen at first. Since 2025-11-25.</summary>
    public string? Default { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>One of several strings, each shown under a name. Since 2025-11-25.</summary>
public sealed record TitledSingleSelectEnumSchema : PrimitiveSchema
{
    /// <inheritdoc/>
    public override string Type => "string";

    /// <summary>The strings to choose from.</summary>
    public required IReadOnlyList<EnumOption> OneOf { get; init; }

    /// <summary>What is chosen at first: an <see cref="EnumOption.Const"/>.</summary>
    public string? Default { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>Any of several strings. Since 2025-11-25.</summary>
public sealed record UntitledMultiSelectEnumSchema : PrimitiveSchema
{
    /// <inheritdoc/>
    public override string Type => "array";

    /// <summary>The least number to choose.</summary>
    public long? MinItems { get; init; }

    /// <summary>The greatest number to choose.</summary>
    public long? MaxItems { get; init; }

    /// <summary>The strings to choose from.</summary>
    public required UntitledEnumItems Items { get; init; }

    /// <summary>What is chosen at first.</summary>
    public IReadOnlyList<string>? Default { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>The strings that <see cref="UntitledMultiSelectEnumSchema"/> lets a user choose from.</summary>
public sealed record UntitledEnumItems
{
    /// <summary>Always <c>string</c>.</summary>
    public string Type { get; } = "string";

    /// <summary>The strings to choose from.</summary>
    public required IReadOnlyList<string> Enum { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>Any of several strings, each shown under a name. Since 2025-11-25.</summary>
public sealed record TitledMultiSelectEnumSchema : PrimitiveSchema
{
    /// <inheritdoc/>
    public override string Type => "array";

    /// <summary>The least number to choose.</summary>
    public long? MinItems { get; init; }

    /// <summary>The greatest number to choose.</summary>
    public long? MaxItems { get; init; }

    /// <summary>The strings to choose from.</summary>
    public required TitledEnumItems Items { get; init; }

    /// <summary>What is chosen at first: each an <see cref="EnumOption.Const"/>.</summary>
    public IReadOnlyList<string>? Default { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>The strings that <see cref="TitledMultiSelectEnumSchema"/> lets a user choose from.</summary>
public sealed record TitledEnumItems
{
    /// <summary>The strings to choose from.</summary>
    public required IReadOnlyList<EnumOption> AnyOf { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>A string to choose, and the name to show it under.</summary>
public sealed record EnumOption
{
    /// <summary>The string that the answer holds.</summary>
    public required string Const { get; init; }

    /// <summary>The name to show to people.</summary>
    public required string Title { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>
/// One of several strings, with the names to show them under in a list beside. Deprecated since 2025-11-25, which has
/// <see cref="TitledSingleSelectEnumSchema"/>.
/// </summary>
public sealed record LegacyTitledEnumSchema : PrimitiveSchema
{
    /// <inheritdoc/>
    public override string Type => "string";

    /// <summary>The strings to choose from.</summary>
    public required IReadOnlyList<string> Enum { get; init; }

    /// <summary>The names to show to people, in the order of <see cref="Enum"/>.</summary>
    public required IReadOnlyList<string> EnumNames { get; init; }

    /// <summary>What is chosen at first. Since 2025-11-25.</summary>
    public string? Default { get; init; }
}
