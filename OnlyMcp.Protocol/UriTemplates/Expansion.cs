using System.Collections;
using System.Globalization;
using System.Text;

namespace OnlyMcp.Protocol.UriTemplates;

/// <summary>Fills a template in (RFC 6570, section 3.2).</summary>
internal static class Expansion
{
    public static string Of(TemplatePart[] parts, IReadOnlyDictionary<string, object?> values)
    {
        var uri = new StringBuilder();
        foreach (var part in parts)
        {
            if (part.Operator is not { } form)
            {
                uri.Append(part.Literal);
                continue;
            }

            string[] written = [.. part.Variables.SelectMany(variable => Written(variable, values.GetValueOrDefault(variable.Name), form))];
            if (written.Length > 0)
                uri.Append(form.First).AppendJoin(form.Separator, written);
        }

        return uri.ToString();
    }

    /// <summary>What stands for a variable: nothing, one value, or several that the operator's separator is put between.</summary>
    private static IEnumerable<string> Written(TemplateVariable variable, object? value, UriOperator form)
    {
        switch (value)
        {
            case null:
                return [];
            case IEnumerable<KeyValuePair<string, string>> pairs:
                RefusePrefix(variable);
                return variable.Explode
                    ? pairs.Select(Pair)
                    : Joined(pairs.SelectMany(pair => new[] { pair.Key, pair.Value }));
            case IEnumerable list and not string:
                RefusePrefix(variable);
                var items = list.Cast<object>().Select(TextOf);
                return variable.Explode ? items.Select(item => Named(Encode(item))) : Joined(items);
            default:
                return [Named(Encode(BeginningOf(TextOf(value), variable.Prefix)))];
        }

        string Pair(KeyValuePair<string, string> pair) =>
            Encode(pair.Key) + (pair.Value.Length == 0 && form.IsNamed ? form.IfEmpty : "=" + Encode(pair.Value));
        string Encode(string text) => PercentCoding.Encode(text, form.AllowsReserved);
        string Named(string encoded) =>
            !form.IsNamed ? encoded : encoded.Length == 0 ? variable.Name + form.IfEmpty : $"{variable.Name}={encoded}";
        IEnumerable<string> Joined(IEnumerable<string> items)
        {
            var encoded = items.Select(Encode).ToArray();
            return encoded.Length == 0 ? [] : [Named(string.Join(',', encoded))];
        }
    }

    private static string TextOf(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string BeginningOf(string text, int? prefix) =>
        prefix is { } length ? string.Concat(text.EnumerateRunes().Take(length)) : text;

    private static void RefusePrefix(TemplateVariable variable)
    {
        if (variable.Prefix is not null)
            throw new ArgumentException($"'{variable.Name}:{variable.Prefix}' wants the beginning of one value, and there are several.");
    }
}
