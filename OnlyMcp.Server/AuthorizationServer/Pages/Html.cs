using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace OnlyMcp.Server.AuthorizationServers.Pages;

/// <summary>A piece of a page. What is put into it is text, whatever it looks like, unless it is such a piece itself.</summary>
internal sealed record Html(string Text)
{
    public static Html Nothing { get; } = new("");

    /// <summary>A piece with values in it: <c>Html.Of($"&lt;p>{name}&lt;/p>")</c>.</summary>
    public static Html Of(Template template) => new(template.ToString());

    /// <summary>Several pieces, one after the other.</summary>
    public static Html All(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece.Text)));

    /// <summary>A piece, or nothing.</summary>
    public static Html If(bool condition, Html piece) => condition ? piece : Nothing;

    public override string ToString() => Text;

    /// <summary>What the compiler makes of a text with holes: each hole is encoded as it is filled.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Template(int literalLength, int formattedCount)
    {
        private readonly StringBuilder text = new(literalLength + (formattedCount * 32));

        public void AppendLiteral(string literal) => text.Append(literal);

        public void AppendFormatted(string? value) => text.Append(HtmlEncoder.Default.Encode(value ?? ""));

        public void AppendFormatted(Html? piece) => text.Append(piece?.Text);

        public override string ToString() => text.ToString();
    }
}
