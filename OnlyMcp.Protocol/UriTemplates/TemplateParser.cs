using System.Globalization;

namespace OnlyMcp.Protocol.UriTemplates;

/// <summary>Reads a template into its parts.</summary>
internal static class TemplateParser
{
    private const int MostPrefix = 9999;

    /// <exception cref="FormatException">It is no template.</exception>
    public static TemplatePart[] Parse(string template)
    {
        if (template.Length > UriTemplate.MaxLength)
            throw new FormatException($"The URI template has {template.Length} characters, and may have {UriTemplate.MaxLength}.");

        var parts = new List<TemplatePart>();
        var at = 0;
        while (at < template.Length)
        {
            var end = template.AsSpan(at).IndexOfAny('{', '}');
            var literal = end < 0 ? template[at..] : template[at..(at + end)];
            if (literal.Length > 0)
                parts.Add(new TemplatePart(Literal(literal, template, at)));
            at += literal.Length;
            if (end >= 0)
                parts.Add(Expression(template, ref at));
        }

        var variables = parts.Sum(part => part.Variables.Length);
        return variables <= UriTemplate.MaxVariables
            ? [.. parts]
            : throw new FormatException($"The URI template has {variables} variables, and may have {UriTemplate.MaxVariables}.");
    }

    private static TemplatePart Expression(string template, ref int at)
    {
        if (template[at] == '}')
            throw Wrong(template, at, "a closing brace stands without an opening one");
        var close = template.AsSpan(at).IndexOf('}');
        if (close < 0)
            throw Wrong(template, at, "the brace that opens here is never closed");

        var inside = template.Substring(at + 1, close - 1);
        var where = at + 1;
        at += close + 1;
        if (inside.Length == 0)
            throw Wrong(template, where, "a variable's name is missing between the braces");

        var form = UriOperator.Of(inside[0]);
        if (form is null && "=,!@|".Contains(inside[0], StringComparison.Ordinal))
            throw Wrong(template, where, $"the operator '{inside[0]}' has no meaning yet");
        var list = form is null ? inside : inside[1..];
        return new TemplatePart(form ?? UriOperator.Simple, [.. list.Split(',').Select(one => Variable(one, template, where))]);
    }

    private static TemplateVariable Variable(string text, string template, int where)
    {
        var explode = text.EndsWith('*');
        var colon = explode ? -1 : text.IndexOf(':', StringComparison.Ordinal);
        var name = explode ? text[..^1] : colon < 0 ? text : text[..colon];
        int? prefix = colon < 0 ? null : Prefix(text[(colon + 1)..], template, where);
        return IsName(name)
            ? new TemplateVariable(name, prefix, explode)
            : throw Wrong(template, where, $"'{name}' is no name for a variable: letters, digits and '_' are, with dots between them");
    }

    private static int Prefix(string digits, string template, int where)
    {
        var isNumber = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && digits[0] != '0';
        return isNumber && length is > 0 and <= MostPrefix
            ? length
            : throw Wrong(template, where, $"after the colon a number from 1 to {MostPrefix} is expected, not '{digits}'");
    }

    private static bool IsName(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            var isFine = char.IsAsciiLetterOrDigit(name[i]) || name[i] == '_'
                || (name[i] == '.' && i > 0 && i < name.Length - 1 && name[i - 1] != '.')
                || PercentCoding.IsWithinTriplet(name, i);
            if (!isFine)
                return false;
        }

        return name.Length > 0;
    }

    private static string Literal(string literal, string template, int where)
    {
        for (var i = 0; i < literal.Length; i++)
        {
            var isWrong = char.IsControl(literal[i]) || " \"<>\\^`|".Contains(literal[i], StringComparison.Ordinal)
                || (literal[i] == '%' && !PercentCoding.IsTripletAt(literal, i));
            if (isWrong)
                throw Wrong(template, where + i, $"'{literal[i]}' must be percent-encoded in an address");
        }

        return PercentCoding.Encode(literal, keepsReserved: true);
    }

    private static FormatException Wrong(string template, int at, string what) =>
        new($"'{template}' is no URI template (RFC 6570): at character {at + 1}, {what}.");
}
