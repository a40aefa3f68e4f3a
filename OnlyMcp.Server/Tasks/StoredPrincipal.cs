using System.Security.Claims;

namespace OnlyMcp.Server.Tasks;

/// <summary>On whose behalf a task runs, so that a run after the process's end knows it too: what was claimed, and never a token.</summary>
public sealed record StoredPrincipal
{
    /// <summary>How the principal was authenticated; null if it was not.</summary>
    public string? AuthenticationType { get; init; }

    /// <summary>The type of the claim that holds its name.</summary>
    public required string NameType { get; init; }

    /// <summary>The type of the claims that hold its roles.</summary>
    public required string RoleType { get; init; }

    /// <summary>What was claimed.</summary>
    public required IReadOnlyList<StoredClaim> Claims { get; init; }

    internal static StoredPrincipal? Of(ClaimsPrincipal? principal) => principal?.Identity is not ClaimsIdentity identity
        ? null
        : new StoredPrincipal
        {
            AuthenticationType = identity.AuthenticationType,
            NameType = identity.NameClaimType,
            RoleType = identity.RoleClaimType,
            Claims = [.. principal.Claims.Select(claim => new StoredClaim(claim.Type, claim.Value, claim.ValueType, claim.Issuer))],
        };

    internal ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        Claims.Select(claim => new Claim(claim.Type, claim.Value, claim.ValueType, claim.Issuer)), AuthenticationType, NameType, RoleType));
}

/// <summary>One claim.</summary>
/// <param name="Type">What is claimed.</param>
/// <param name="Value">The claim.</param>
/// <param name="ValueType">How to read it.</param>
/// <param name="Issuer">Who says so.</param>
public sealed record StoredClaim(string Type, string Value, string ValueType, string Issuer);
