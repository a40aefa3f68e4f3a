namespace OnlyMcp.Protocol.UriTemplates;

/// <summary>
/// An address with parts left open, such as <c>weather://{city}/{+path}{?days}</c>: fills them in, and finds out how a given address
/// fills them in.
/// </summary>
/// <remarks>
/// <para>All four levels of RFC 6570. Matching takes a time that grows with the length of the address, whatever stands in it.</para>
/// Spec: 2026-07-28 server/resources §Resource Templates
/// </remarks>
public sealed class UriTemplate
{
    /// <summary>The longest template, in characters; 4,096.</summary>
    public const int MaxLength = 4096;

    /// <summary>How many variables a template may have; 64.</summary>
    public const int MaxVariables = 64;

    /// <summary>The longest address that is matched, in characters; 8,192. A longer one matches nothing.</summary>
    public const int MaxUriLength = 8192;

    private readonly string text;
    private readonly TemplatePart[] parts;

    private UriTemplate(string text, TemplatePart[] parts)
    {
        this.text = text;
        this.parts = parts;
        Variables = [.. parts.SelectMany(part => part.Variables.Select(variable => new UriVariable(variable.Name, part.Operator!)))];
    }

    /// <summary>The variables in their order.</summary>
    public IReadOnlyList<UriVariable> Variables { get; }

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">It is none, or too long, or has too many variables; the message says where and what.</exception>
    public static UriTemplate Parse(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return new UriTemplate(template, TemplateParser.Parse(template));
    }

    /// <summary>Fills the variables in.</summary>
    /// <param name="values">
    /// By name: a string, or anything else that is written as one value; a sequence, for a list; a sequence of pairs of strings. A variable
    /// that is null or not there is left out, with what would stand around it.
    /// </param>
    /// <exception cref="ArgumentException">There are several values where the beginning of one is wanted (<c>{name:3}</c>).</exception>
    public string Expand(IReadOnlyDictionary<string, object?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Expansion.Of(parts, values);
    }

    /// <summary>Finds the values with which the template becomes this address; null if there are none.</summary>
    /// <remarks>
    /// A part takes as much as it can, the first one first. Values are decoded; one whose bytes are no UTF-8 matches nothing. Names in a
    /// query (<c>{?a,b}</c>) may come in any order, each once. What a variable that is absent from the result would be, nobody can tell:
    /// empty, or left out.
    /// </remarks>
    /// <param name="uri">An absolute address; anything else matches nothing.</param>
    public IReadOnlyDictionary<string, UriValue>? Match(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.Length <= MaxUriLength && UriSyntax.IsAbsolute(uri) ? Matching.Of(parts, uri) : null;
    }

    /// <summary>The template as it was given.</summary>
    public override string ToString() => text;
}

/// <summary>A part of an address that a template leaves open.</summary>
public sealed class UriVariable
{
    private readonly UriOperator form;

    internal UriVariable(string name, UriOperator form)
    {
        Name = name;
        this.form = form;
    }

    /// <summary>What it is called; compared letter by letter.</summary>
    public string Name { get; }

    /// <summary>Whether its value may hold what structures an address, such as a slash: <c>{+path}</c>, <c>{#part}</c>.</summary>
    public bool IsReserved => form.AllowsReserved;

    /// <summary>Whether its value stands in the query: <c>{?days}</c>, <c>{&amp;days}</c>.</summary>
    public bool IsInQuery => form.Separator == '&';
}

/// <summary>What stands in an address for a variable, decoded.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Items">Its items, where it is a list: what stands between the commas, or between the separators of <c>{/path*}</c>.</param>
public sealed record UriValue(string Text, IReadOnlyList<string> Items);
