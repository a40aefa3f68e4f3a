using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>What a client may say about itself, when it registers and in a document that its id is the address of.</summary>
/// <remarks>
/// RFC 7591 §2.
/// Spec: 2026-07-28 basic/authorization/client-registration §Application Type and Redirect URI Constraints
/// Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security
/// </remarks>
internal sealed class ClientMetadataRules(AuthorizationServer server)
{
    private const int MostRedirectUris = 20;
    private const int MostContacts = 10;
    private const int MostLetters = 200;
    private const int MostLettersOfAUri = 2000;

    private static readonly string Algorithms = string.Join(", ", SignatureAlgorithm.Names);

    /// <summary>Reads what a client says.</summary>
    /// <exception cref="OAuthException">It is no such object.</exception>
    public static ClientMetadata Parse(ReadOnlySpan<byte> utf8, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, OAuthJson.Wire.ClientMetadata) ?? throw Wrong($"{what} is no JSON object.");
        }
        catch (JsonException fault)
        {
            // Not with the exception's own words: they quote what could not be read.
            var reason = fault.Path is { Length: > 1 } path ? $"{path} does not fit" : "it cannot be read";
            throw Wrong($"{what} is no object of client metadata: {reason}.");
        }
    }

    /// <summary>What is kept of what a client said; what this server does not know is left out.</summary>
    /// <param name="said">What it said.</param>
    /// <param name="usualMethod">How it shows who it is if it does not say.</param>
    /// <exception cref="OAuthException">Something does not fit.</exception>
    public ClientMetadata Accept(ClientMetadata said, string usualMethod)
    {
        CheckTexts(said);
        var method = said.TokenEndpointAuthMethod ?? usualMethod;
        return new()
        {
            ClientName = said.ClientName,
            ClientUri = Page(said.ClientUri, "client_uri"),
            LogoUri = Page(said.LogoUri, "logo_uri"),
            TosUri = Page(said.TosUri, "tos_uri"),
            PolicyUri = Page(said.PolicyUri, "policy_uri"),
            GrantTypes = Grants(said, method),
            ResponseTypes = ["code"],
            RedirectUris = Redirects(said),
            TokenEndpointAuthMethod = method,
            TokenEndpointAuthSigningAlg = said.TokenEndpointAuthSigningAlg,
            Jwks = Keys(said, method),
            Scope = Scope(said.Scope),
            ApplicationType = said.ApplicationType,
            Contacts = said.Contacts,
            SoftwareId = said.SoftwareId,
            SoftwareVersion = said.SoftwareVersion,
        };
    }

    private static OAuthException Wrong(string words) => new(OAuthErrorCode.InvalidClientMetadata, words);

    private static void CheckTexts(ClientMetadata said)
    {
        CheckText(said.ClientName, "client_name");
        CheckText(said.SoftwareId, "software_id");
        CheckText(said.SoftwareVersion, "software_version");
        if (said.Contacts?.Count > MostContacts)
            throw Wrong($"contacts has more than {MostContacts} entries.");
        foreach (var contact in said.Contacts ?? [])
            CheckText(contact ?? "", "contacts");
    }

    /// <summary>A person reads it before he agrees: nothing may turn the letters around, or stand on a line of its own.</summary>
    private static void CheckText(string? text, string name)
    {
        if (text is null)
            return;
        if (text.Length > MostLetters)
            throw Wrong($"{name} has more than {MostLetters} letters.");
        if (string.IsNullOrWhiteSpace(text) || text.Any(letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) is
            UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
        {
            throw Wrong($"{name} is empty, or holds letters that cannot be seen.");
        }
    }

    /// <summary>What may become a link on a page: <c>javascript:</c> and <c>data:</c> would be a program of a stranger's.</summary>
    private static string? Page(string? text, string name) =>
        text is null || (text.Length <= MostLettersOfAUri && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.UserInfo.Length == 0)
            ? text
            : throw Wrong($"{name} is the address of a page: https, without user information, up to {MostLettersOfAUri} letters.");

    private IReadOnlyList<string> Redirects(ClientMetadata said)
    {
        if (said.RedirectUris is not { Count: > 0 and <= MostRedirectUris } uris)
            throw new OAuthException(OAuthErrorCode.InvalidRedirectUri, $"redirect_uris has 1 to {MostRedirectUris} entries.");

        var isOfTheWeb = said.ApplicationType switch
        {
            // Choice: who does not say is taken for neither. OpenID Connect takes it for web, which most who leave it out are not.
            null or "native" => false,
            "web" => true,
            _ => throw Wrong("application_type is native or web."),
        };
        for (var at = 0; at < uris.Count; at++)
        {
            var fault = RedirectUri.WhatIsWrongWith(uris[at], server.Options.RedirectSchemes);
            if ((fault ?? (isOfTheWeb ? NotOfTheWeb(uris[at]) : null)) is { } wrong)
                throw new OAuthException(OAuthErrorCode.InvalidRedirectUri, $"redirect_uris[{at}] is refused: {wrong}.");
        }

        return uris;
    }

    private static string? NotOfTheWeb(string text) =>
        new Uri(text) is { Scheme: "https" } uri && !RedirectUri.IsLoopback(uri)
            ? null
            : "a client with the application_type web is answered over https and not on the person's own machine; register it as native";

    /// <summary>
    /// What it will ask tokens for, of what this server gives them for. Choice: what it does not is left out, and the answer shows that:
    /// many clients name all that they could do anywhere.
    /// </summary>
    private string[] Grants(ClientMetadata said, string method)
    {
        if (said.ResponseTypes?.All(type => type == "code") == false || said.ResponseTypes?.Count == 0)
            throw Wrong("response_types is [code]: nothing but codes is sent through a browser.");

        string[] known = server.Options.IdentityProviders.Count > 0 && method != ClientAuthMethod.None
            ? [GrantType.AuthorizationCode, GrantType.RefreshToken, GrantType.JwtBearer]
            : [GrantType.AuthorizationCode, GrantType.RefreshToken];
        string[] grants = [.. (said.GrantTypes ?? [GrantType.AuthorizationCode]).Intersect(known, StringComparer.Ordinal)];

        // MUST: a client that acts without a person is made known by the server's operator.
        return grants.Contains(GrantType.AuthorizationCode) || grants.Contains(GrantType.JwtBearer)
            ? grants
            : throw Wrong($"grant_types names authorization_code; who registers itself gets tokens for {string.Join(", ", known)}.");
    }

    private static JsonElement? Keys(ClientMetadata said, string method)
    {
        if (method is ClientAuthMethod.None or ClientAuthMethod.ClientSecretBasic or ClientAuthMethod.ClientSecretPost)
            return null;
        if (method != ClientAuthMethod.PrivateKeyJwt)
            throw Wrong("token_endpoint_auth_method is none, client_secret_basic, client_secret_post or private_key_jwt.");
        if (said.Jwks is not { } jwks || said.JwksUri is not null)
            throw Wrong("A client with private_key_jwt sends its public keys in jwks, and no jwks_uri, which is not fetched.");

        try
        {
            // Once more, letter by letter: what two readers could read in two ways is no key.
            jwks = StrictJson.ParseObject(JsonMarshal.GetRawUtf8Value(jwks), "The set of keys");
            var keys = JsonWebKeySet.Parse(jwks).Keys;
            if (jwks.GetProperty("keys").EnumerateArray().Any(IsPrivate))
                throw Wrong("jwks holds a private or shared key. It is secret no more: make a new one, and send its public half.");

            var algorithm = said.TokenEndpointAuthSigningAlg;
            return keys.Any(key => algorithm is null ? SignatureAlgorithm.Names.Any(key.CanVerify) : key.CanVerify(algorithm))
                ? jwks
                : throw Wrong($"No key of jwks fits: RSA of 2048 bits or more, or P-256 to P-521, for one of {Algorithms}.");
        }
        catch (FormatException fault)
        {
            throw Wrong($"jwks cannot be read: {fault.Message}");
        }
    }

    private static bool IsPrivate(JsonElement key) =>
        key.ValueKind == JsonValueKind.Object && (key.TryGetProperty("d", out _) || key.TryGetProperty("k", out _));

    /// <summary>Which scopes it will ask for, of those that there are.</summary>
    private string? Scope(string? said)
    {
        if (string.IsNullOrWhiteSpace(said))
            return null;

        var words = said.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > ScopeSet.MaxCount || !words.All(ScopeSet.IsScope))
            throw Wrong($"scope has up to {ScopeSet.MaxCount} words of visible ASCII letters, with a space between them.");

        string[] known = server.Scopes.Count == 0 ? words : [.. words.Where(server.Scopes.ContainsKey).Distinct()];
        return known.Length > 0 ? ScopeSet.Format(known) : throw Wrong($"scope names none of {ScopeSet.Format(server.Scopes.Keys)}.");
    }
}
