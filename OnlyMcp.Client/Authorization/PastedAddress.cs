namespace OnlyMcp.Client.Authorization;

/// <summary>Makes out the address that a browser came back to in what a person pasted.</summary>
internal static class PastedAddress
{
    private const int MaxLength = 32 * 1024;

    /// <summary>What is wrong with it, in a sentence for that person; null if nothing is.</summary>
    /// <param name="pasted">The whole address, or its query alone; in quotes or brackets, and broken into lines, if need be.</param>
    /// <param name="redirectUri">Where the browser was to come back to.</param>
    /// <param name="state">What the answer has to carry; null for anything.</param>
    /// <param name="callback">The address.</param>
    public static string? WhatIsWrongWith(string pasted, Uri redirectUri, string? state, out Uri callback)
    {
        callback = redirectUri;
        if (pasted.Length > MaxLength)
            return $"That is longer than {MaxLength} characters.";

        // Terminals and mail break long lines, and no address has white space in it.
        var text = string.Concat(pasted.Where(letter => !char.IsWhiteSpace(letter) && !char.IsControl(letter)));
        text = text.Trim('"', '\'', '`', '<', '>');
        if (text.Length == 0)
            return "Nothing was pasted.";
        if (!TryFind(text, redirectUri, out callback))
        {
            var place = redirectUri.GetLeftPart(UriPartial.Path);
            return $"That is not the address that the browser came back to, which begins with {place}. Paste all of it.";
        }

        if (AuthorizationResponse.WhatIsWrongWith(callback.Query, out var response) is { } wrong)
            return $"That address is no answer: {wrong}. Paste all of it.";
        if (state is null || response.State == state)
            return null;

        return response.State is null
            ? "The part that begins with 'state=' is missing. Paste all of the address."
            : "That address answers another sign-in. Open the one that was shown last.";
    }

    /// <summary>Some browsers show an address without its scheme; some people copy its end alone.</summary>
    private static bool TryFind(string text, Uri redirectUri, out Uri callback)
    {
        var place = redirectUri.GetLeftPart(UriPartial.Path);
        var address = text switch
        {
            _ when BeginsWith("http://") || BeginsWith("https://") => text,
            _ when BeginsWith(redirectUri.Authority) => $"{redirectUri.Scheme}://{text}",
            _ when text.Contains('=', StringComparison.Ordinal) => $"{place}?{text.TrimStart('?')}",
            _ => "",
        };
        var found = Uri.TryCreate(address, UriKind.Absolute, out var uri) && SignInAddress.IsAt(uri, redirectUri);
        callback = found ? uri! : redirectUri;
        return found;

        bool BeginsWith(string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);
    }
}
