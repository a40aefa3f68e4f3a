using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Plain;

/// <summary>What a client says of itself in every revision, read by hand as far as it is plain.</summary>
internal static class PlainClient
{
    /// <summary>Most clients of most servers can do nothing for them, and say so with each request.</summary>
    private static readonly ClientCapabilities Nothing = new();

    public static bool TryReadInfo(ref Utf8JsonReader reader, ref Implementation? info)
    {
        if (info is not null || !PlainReader.TryEnter(ref reader))
            return false;

        string? name = null, title = null, version = null, description = null, website = null;
        while (PlainReader.ReadName(ref reader))
        {
            var isPlain = reader.ValueTextEquals("name"u8) ? PlainReader.TryReadText(ref reader, ref name)
                : reader.ValueTextEquals("version"u8) ? PlainReader.TryReadText(ref reader, ref version)
                : reader.ValueTextEquals("title"u8) ? PlainReader.TryReadText(ref reader, ref title)
                : reader.ValueTextEquals("description"u8) ? PlainReader.TryReadText(ref reader, ref description)
                : reader.ValueTextEquals("websiteUrl"u8) && PlainReader.TryReadText(ref reader, ref website);
            if (!isPlain)
                return false;
        }

        if (name is null || version is null)
            return false;

        info = new Implementation { Name = name, Title = title, Version = version, Description = description, WebsiteUrl = website };
        return true;
    }

    public static bool TryReadCapabilities(ref Utf8JsonReader reader, ref ClientCapabilities? capabilities)
    {
        if (capabilities is not null || !PlainReader.TryEnter(ref reader))
            return false;

        RootsCapability? roots = null;
        SamplingCapability? sampling = null;
        ElicitationCapability? elicitation = null;
        while (PlainReader.ReadName(ref reader))
        {
            var isPlain = reader.ValueTextEquals("roots"u8) ? TryReadRoots(ref reader, ref roots)
                : reader.ValueTextEquals("sampling"u8) ? TryReadSampling(ref reader, ref sampling)
                : reader.ValueTextEquals("elicitation"u8) && TryReadElicitation(ref reader, ref elicitation);
            if (!isPlain)
                return false;
        }

        capabilities = roots is null && sampling is null && elicitation is null
            ? Nothing
            : new ClientCapabilities { Roots = roots, Sampling = sampling, Elicitation = elicitation };
        return true;
    }

    private static bool TryReadRoots(ref Utf8JsonReader reader, ref RootsCapability? roots)
    {
        if (roots is not null || !PlainReader.TryEnter(ref reader))
            return false;

        roots = new RootsCapability();
        if (!PlainReader.ReadName(ref reader))
            return true;
        if (!reader.ValueTextEquals("listChanged"u8) || !reader.Read() || reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            return false;

        roots = new RootsCapability { ListChanged = reader.GetBoolean() };
        return !PlainReader.ReadName(ref reader);
    }

    private static bool TryReadSampling(ref Utf8JsonReader reader, ref SamplingCapability? sampling)
    {
        if (sampling is not null || !TryReadTwo(ref reader, "context"u8, "tools"u8, out var context, out var tools))
            return false;

        sampling = new SamplingCapability { Context = context, Tools = tools };
        return true;
    }

    private static bool TryReadElicitation(ref Utf8JsonReader reader, ref ElicitationCapability? elicitation)
    {
        if (elicitation is not null || !TryReadTwo(ref reader, "form"u8, "url"u8, out var form, out var url))
            return false;

        elicitation = new ElicitationCapability { Form = form, Url = url };
        return true;
    }

    private static bool TryReadTwo(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> second,
        out CapabilitySettings? one,
        out CapabilitySettings? other)
    {
        one = other = null;
        if (!PlainReader.TryEnter(ref reader))
            return false;

        while (PlainReader.ReadName(ref reader))
        {
            var isPlain = reader.ValueTextEquals(first) ? TryReadEmpty(ref reader, ref one)
                : reader.ValueTextEquals(second) && TryReadEmpty(ref reader, ref other);
            if (!isPlain)
                return false;
        }

        return true;
    }

    private static bool TryReadEmpty(ref Utf8JsonReader reader, ref CapabilitySettings? settings)
    {
        if (settings is not null || !PlainReader.TryEnter(ref reader) || PlainReader.ReadName(ref reader))
            return false;

        settings = new CapabilitySettings();
        return true;
    }
}
