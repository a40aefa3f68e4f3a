namespace OnlyMcp.Protocol.UriTemplates;

/// <summary>A piece of a template: text that stands in the address as it is, or an expression in braces.</summary>
internal sealed class TemplatePart
{
    private readonly bool[] allowed = [];

    /// <param name="literal">The text, with everything encoded that must be.</param>
    public TemplatePart(string literal) => Literal = literal;

    /// <param name="form">How its values are written.</param>
    /// <param name="variables">At least one.</param>
    public TemplatePart(UriOperator form, TemplateVariable[] variables)
    {
        Operator = form;
        Variables = variables;
        allowed = [.. Enumerable.Range(0, 128).Select(character => Allows((char)character))];
    }

    /// <summary>The text; null for an expression.</summary>
    public string? Literal { get; }

    /// <summary>How the values of an expression are written; null for text.</summary>
    public UriOperator? Operator { get; }

    /// <summary>The variables of an expression.</summary>
    public TemplateVariable[] Variables { get; } = [];

    /// <summary>Whether the character may stand in the expression, after what it begins with.</summary>
    public bool MayHold(char character) => character < allowed.Length && allowed[character];

    private bool Allows(char character)
    {
        if (Operator!.AllowsReserved)
            return UriSyntax.IsAllowed(character);
        if (character == Operator.Separator && Operator.First is not null and not '.')
            return Variables.Length > 1 || Variables[0].Explode;
        return UriSyntax.IsPathCharacter(character) || (Operator.Separator == '&' && character is '/' or '?');
    }
}

/// <summary>A variable as it stands in an expression.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Prefix">How many characters of its value are written; null for all.</param>
/// <param name="Explode">Whether each item of a list is written as a value of its own.</param>
internal sealed record TemplateVariable(string Name, int? Prefix, bool Explode);
