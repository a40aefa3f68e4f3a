namespace OnlyMcp.Protocol.UriTemplates;

/// <summary>Takes apart what stands in an address for one expression.</summary>
internal static class ExpressionValues
{
    /// <returns>False if the expression can never be written so.</returns>
    public static bool Read(TemplatePart expression, ReadOnlySpan<char> written, Dictionary<string, UriValue> values)
    {
        var form = expression.Operator!;
        var rest = form.First is null ? written : written[1..];
        if (form.IsNamed)
            return ReadNamed(expression, rest.ToString().Split(form.Separator), values);
        return expression.Variables is [var only] ? Add(only, form, rest, values) : ReadInOrder(expression, rest.ToString(), values);
    }

    // Choice: the RFC writes defined variables one after another, and an address does not tell which; the first ones are taken.
    private static bool ReadInOrder(TemplatePart expression, string written, Dictionary<string, UriValue> values)
    {
        var variables = expression.Variables;
        var separator = expression.Operator!.Separator;
        var items = variables[^1].Explode ? written.Split(separator, variables.Length) : written.Split(separator);
        if (items.Length > variables.Length)
            return false;

        for (var i = 0; i < items.Length; i++)
        {
            if (!Add(variables[i], expression.Operator!, items[i], values))
                return false;
        }

        return true;
    }

    private static bool ReadNamed(TemplatePart expression, string[] items, Dictionary<string, UriValue> values)
    {
        var lists = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? item : item[..equals];
            var value = equals < 0 ? "" : item[(equals + 1)..];
            if (Array.Find(expression.Variables, variable => variable.Name == name) is not { } variable)
                return false;

            if (!variable.Explode)
            {
                if (!Add(variable, expression.Operator!, value, values))
                    return false;
            }
            else if (PercentCoding.Decode(value) is { } decoded)
            {
                if (!lists.TryGetValue(name, out var list))
                    lists[name] = list = [];
                list.Add(decoded);
            }
            else
            {
                return false;
            }
        }

        return lists.All(list => values.TryAdd(list.Key, new UriValue(string.Join(',', list.Value), list.Value)));
    }

    /// <returns>False if it is no text, longer than its variable allows, or the variable has another value already.</returns>
    private static bool Add(TemplateVariable variable, UriOperator form, ReadOnlySpan<char> written, Dictionary<string, UriValue> values)
    {
        var separator = variable.Explode ? form.Separator : ',';
        string?[] items = [.. written.ToString().Split(separator).Select(item => PercentCoding.Decode(item))];
        if (PercentCoding.Decode(written) is not { } text || Array.IndexOf(items, null) >= 0)
            return false;
        if (variable.Prefix is { } most && text.EnumerateRunes().Count() > most)
            return false;

        return values.TryAdd(variable.Name, new UriValue(text, items!));
    }
}
