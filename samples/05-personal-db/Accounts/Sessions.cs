using System.Security.Cryptography;
using System.Text;
using PersonalDb.Store;

namespace PersonalDb.Accounts;

/// <summary>The sign-ins of the REST routes. A token is a long random number; what is kept of it is its hash.</summary>
internal sealed class Sessions(Database database)
{
    /// <summary>How long a sign-in holds.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(1);

    /// <summary>Begins a session, and returns its token. Who has many already loses the one that would end first.</summary>
    public Task<string> OpenAsync(User user, CancellationToken cancellationToken)
    {
        var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        return database.ChangeAsync(
            (now, change) =>
            {
                var others = now.Sessions.Values.Where(session => session.UserId == user.Id);
                var latestFirst = others.OrderByDescending(session => session.ExpiresAt);
                change.AddRange(latestFirst.Skip(Limits.SessionsOfUser - 1).Select(session => new SessionEnd(session.Id)));
                change.Add(new Session(HashOf(token), user.Id, DateTimeOffset.UtcNow + Lifetime));
                return token;
            },
            cancellationToken);
    }

    /// <summary>Whose session this is; null if it is none, or over.</summary>
    public User? Find(string token)
    {
        var now = database.Now;
        return now.Sessions.GetValueOrDefault(HashOf(token)) is { } session && session.ExpiresAt > DateTimeOffset.UtcNow
            ? now.Users.GetValueOrDefault(session.UserId)
            : null;
    }

    public Task<bool> CloseAsync(string token, CancellationToken cancellationToken) => database.ChangeAsync(
        (now, change) =>
        {
            if (!now.Sessions.ContainsKey(HashOf(token)))
                return false;

            change.Add(new SessionEnd(HashOf(token)));
            return true;
        },
        cancellationToken);

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
