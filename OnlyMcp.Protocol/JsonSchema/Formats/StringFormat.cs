namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A format that strings can be in: JSON Schema 2020-12 Validation §7.3. Checked only where formats are asserted.</summary>
/// <remarks>Not known, and therefore never asserted: hostname, idn-hostname, idn-email, iri, iri-reference, uri-template.</remarks>
internal sealed record StringFormat(string Name, string Example, Func<string, bool> Fits)
{
    private static readonly Dictionary<string, StringFormat> Known = new StringFormat[]
    {
        new("date-time", "2001-02-03T09:30:00Z", TimeFormats.IsDateTime),
        new("date", "2001-02-03", TimeFormats.IsDate),
        new("time", "09:30:00Z", TimeFormats.IsTime),
        new("duration", "P3DT12H", TimeFormats.IsDuration),
        new("email", "ada@example.com", NetworkFormats.IsEmail),
        new("ipv4", "192.0.2.1", NetworkFormats.IsIpv4),
        new("ipv6", "2001:db8::1", NetworkFormats.IsIpv6),
        new("uri", "https://example.com/a", NetworkFormats.IsUri),
        new("uri-reference", "../a#b", NetworkFormats.IsUriReference),
        new("uuid", "2eb8aa08-aa98-11ea-b4aa-73b441d16380", TextFormats.IsUuid),
        new("json-pointer", "/days/0", TextFormats.IsJsonPointer),
        new("relative-json-pointer", "1/days", TextFormats.IsRelativeJsonPointer),
        new("regex", "^[a-z]+$", TextFormats.IsRegex),
    }.ToDictionary(format => format.Name);

    public static StringFormat? Find(string name) => Known.GetValueOrDefault(name);
}
