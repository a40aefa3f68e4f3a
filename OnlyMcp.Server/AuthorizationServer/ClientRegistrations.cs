using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.RateLimits;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>The clients that registered themselves.</summary>
/// <remarks>A registration that nobody gets a token with is forgotten soon: anybody can make one.</remarks>
internal sealed class ClientRegistrations(AuthorizationServerOptions options, IAuthorizationStore store)
{
    private const string Kind = "client";
    private static readonly TimeSpan BetweenExtensions = TimeSpan.FromDays(1);
    private static readonly object Everybody = new();

    private readonly TokenBucketLimiter perAddress = new(options.RegistrationsPerHour, TimeSpan.FromHours(1));
    private readonly TokenBucketLimiter together = new(20 * options.RegistrationsPerHour, TimeSpan.FromHours(1));
    private readonly ILogger logger = options.LoggerFactory.CreateLogger<ClientRegistrations>();

    /// <summary>The client of this id; null if there is none, or its time is over.</summary>
    public async ValueTask<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken) =>
        await store.FindAsync(Kind, clientId, cancellationToken).ConfigureAwait(false) is { } entry ? Read(entry) : null;

    /// <summary>Counts a registration against the address that it comes from.</summary>
    /// <exception cref="OAuthException">There have been too many (429).</exception>
    public void Take(IPAddress? address)
    {
        var wait = perAddress.Take(address ?? IPAddress.None, options.TimeProvider);
        if (wait == TimeSpan.Zero)
            wait = together.Take(Everybody, options.TimeProvider);
        if (wait > TimeSpan.Zero)
        {
            throw new OAuthException(OAuthErrorCode.TemporarilyUnavailable, "Too many programs have registered; try again later.", 429)
            {
                RetryAfter = wait,
            };
        }
    }

    /// <summary>Keeps a new client, and gives it an id, and a secret if it needs one, which is nowhere else than in the answer.</summary>
    /// <exception cref="AuthorizationStoreFullException">There is no room for it.</exception>
    public async ValueTask<ClientMetadata> AddAsync(ClientMetadata metadata, CancellationToken cancellationToken)
    {
        var hasSecret = metadata.TokenEndpointAuthMethod is ClientAuthMethod.ClientSecretBasic or ClientAuthMethod.ClientSecretPost;
        var secret = hasSecret ? ByChance(32) : null;
        var now = options.TimeProvider.GetUtcNow();
        var client = new RegisteredClient
        {
            ClientId = ByChance(16),
            Metadata = metadata,
            SecretHash = secret is null ? null : RegisteredClient.HashOf(secret),
            ExpiresAt = now + options.UnusedRegistrationLifetime,
        };
        await store.TryWriteAsync(Write(client, 1), null, cancellationToken).ConfigureAwait(false);
        return metadata with
        {
            ClientId = client.ClientId,
            ClientIdIssuedAt = now.ToUnixTimeSeconds(),
            ClientSecret = secret,

            // MUST: said where there is a secret. It lasts as long as the registration, which use prolongs.
            ClientSecretExpiresAt = secret is null ? null : 0,
        };
    }

    /// <summary>Keeps a client longer that has got a token. It has it: what goes wrong here is for the log.</summary>
    public async ValueTask ProlongAsync(RegisteredClient client, CancellationToken cancellationToken)
    {
        var until = options.TimeProvider.GetUtcNow() + options.RegistrationLifetime;
        if (client.ExpiresAt is not { } expires || expires > until - BetweenExtensions)
            return;

        try
        {
            if (await store.FindAsync(Kind, client.ClientId, cancellationToken).ConfigureAwait(false) is { } entry)
                await store.TryWriteAsync(Write(client with { ExpiresAt = until }, entry.Version + 1), entry.Version, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or AuthorizationStoreFullException)
        {
            logger.LogError(fault, "A registration could not be prolonged; its client will have to register again on {Day:d}.", expires);
        }
    }

    private static string ByChance(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    private static RegisteredClient? Read(StoredEntry entry) =>
        entry.Value.Deserialize(StoredClientJson.Default.RegisteredClient) is { } client ? client with { ExpiresAt = entry.ExpiresAt } : null;

    private static StoredEntry Write(RegisteredClient client, long version) => new()
    {
        Kind = Kind,
        Key = client.ClientId,
        Value = JsonSerializer.SerializeToElement(client, StoredClientJson.Default.RegisteredClient),
        Version = version,
        ExpiresAt = client.ExpiresAt,
    };
}

/// <summary>How a client becomes JSON and back, for a store.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RegisteredClient))]
internal sealed partial class StoredClientJson : JsonSerializerContext;
