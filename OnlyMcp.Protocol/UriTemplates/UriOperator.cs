namespace OnlyMcp.Protocol.UriTemplates;

/// <summary>What the character after the brace means (RFC 6570, appendix A): how an expression begins, is separated and is encoded.</summary>
/// <param name="Symbol">The character; null where there is none.</param>
/// <param name="First">What stands before the first value; null for nothing.</param>
/// <param name="Separator">What stands between two values.</param>
/// <param name="IsNamed">Whether each value stands behind its name and <c>=</c>.</param>
/// <param name="IfEmpty">What stands behind the name of an empty value.</param>
/// <param name="AllowsReserved">Whether the characters that structure an address are left as they are.</param>
internal sealed record UriOperator(char? Symbol, char? First, char Separator, bool IsNamed, string IfEmpty, bool AllowsReserved)
{
    public static readonly UriOperator Simple = new(null, null, ',', false, "", false);

    private static readonly UriOperator[] Known =
    [
        new('+', null, ',', false, "", true),
        new('#', '#', ',', false, "", true),
        new('.', '.', '.', false, "", false),
        new('/', '/', '/', false, "", false),
        new(';', ';', ';', true, "", false),
        new('?', '?', '&', true, "=", false),
        new('&', '&', '&', true, "=", false),
    ];

    public static UriOperator? Of(char symbol) => Array.Find(Known, known => known.Symbol == symbol);
}
