using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.RateLimits;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>The clients that registered themselves.</summary>
/// <remarks>A registration that nobody gets a token with is forgotten soon: anybody can make one.</remarks>
internal sealed class ClientRegistrations(AuthorizationServer server)
{
    private static readonly TimeSpan BetweenExtensions = TimeSpan.FromDays(1);
    private static readonly object Everybody = new();

    private readonly Shelf<RegisteredClient> clients = new(server.Store, "client", StoredClientJson.Default.RegisteredClient);
    private readonly TokenBucketLimiter perAddress = new(server.Options.RegistrationsPerHour, TimeSpan.FromHours(1));
    private readonly TokenBucketLimiter together = new(20 * server.Options.RegistrationsPerHour, TimeSpan.FromHours(1));
    private readonly ILogger logger = server.Options.LoggerFactory.CreateLogger<ClientRegistrations>();

    /// <summary>The client of this id; null if there is none, or its time is over.</summary>
    public async ValueTask<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken) =>
        (await clients.FindAsync(clientId, cancellationToken).ConfigureAwait(false))?.Value;

    /// <summary>Counts a registration against the address that it comes from.</summary>
    /// <exception cref="OAuthException">There have been too many (429).</exception>
    public void Take(IPAddress? address)
    {
        var wait = perAddress.Take(address is null ? IPAddress.None : Network.Of(address), server.Time);
        if (wait == TimeSpan.Zero)
            wait = together.Take(Everybody, server.Time);
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
        var secret = hasSecret ? Secret.New() : null;
        var now = server.Time.GetUtcNow();
        var client = new RegisteredClient
        {
            ClientId = Secret.New(),
            Metadata = metadata,
            SecretHash = secret is null ? null : Secret.HashOf(secret),
            ExpiresAt = now + server.Options.UnusedRegistrationLifetime,
        };
        await clients.TryWriteAsync(client.ClientId, client, before: null, client.ExpiresAt, cancellationToken).ConfigureAwait(false);
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
        var until = server.Time.GetUtcNow() + server.Options.RegistrationLifetime;
        if (client.IsVouchedFor || client.ExpiresAt is not { } expires || expires > until - BetweenExtensions)
            return;

        try
        {
            if (await clients.FindAsync(client.ClientId, cancellationToken).ConfigureAwait(false) is not { } kept)
                return;

            var prolonged = kept.Value with { ExpiresAt = until };
            await clients.TryWriteAsync(client.ClientId, prolonged, kept, until, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or AuthorizationStoreFullException)
        {
            logger.LogError(fault, "A registration could not be prolonged; its client will have to register again on {Day:d}.", expires);
        }
    }
}

/// <summary>How a client becomes JSON and back, for a store.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RegisteredClient))]
internal sealed partial class StoredClientJson : JsonSerializerContext;
