using System.Security.Claims;
using PersonalDb.Store;

namespace PersonalDb.Accounts;

/// <summary>Those who can sign in.</summary>
internal sealed class Users(Database database)
{
    private readonly FailedAttempts failedAttempts = new();

    /// <summary>Makes a user.</summary>
    /// <exception cref="RefusedException">The name is taken, or name or password will not do; the message says which.</exception>
    public async Task<User> RegisterAsync(string name, string password, bool isAdministrator, CancellationToken cancellationToken)
    {
        CheckName(name);
        Passwords.Check(password);
        var hash = await Passwords.HashAsync(password, cancellationToken);
        return await database.ChangeAsync(
            (now, change) =>
            {
                if (now.UserNamed(name) is not null)
                    throw new RefusedException(Refusal.Taken, "Username already taken");
                if (now.Users.Count >= Limits.Users)
                    throw new RefusedException(Refusal.Full, $"There are {Limits.Users} users already");

                var user = new User
                {
                    Id = Guid.NewGuid().ToString(),
                    Name = name,
                    PasswordHash = hash,
                    Permissions = isAdministrator ? Permissions.All : Permissions.Default,
                    IsAdministrator = isAdministrator,
                    CreatedAt = DateTimeOffset.UtcNow,
                };
                change.Add(user);
                return user;
            },
            cancellationToken);
    }

    /// <summary>The user with this name and password; null if there is none.</summary>
    /// <exception cref="RefusedException">There were too many wrong passwords for that name.</exception>
    public async Task<User?> SignInAsync(string name, string password, CancellationToken cancellationToken)
    {
        failedAttempts.Check(name);
        var user = database.Now.UserNamed(name);
        if (await Passwords.VerifyAsync(password, user?.PasswordHash, cancellationToken))
            return user;

        failedAttempts.Add(name);
        return null;
    }

    public User? Named(string name) => database.Now.UserNamed(name);

    public User? Find(string id) => database.Now.Users.GetValueOrDefault(id);

    /// <summary>On whose behalf an MCP client asks.</summary>
    /// <exception cref="RefusedException">On nobody's.</exception>
    public User Of(ClaimsPrincipal? principal) =>
        principal?.FindFirst("sub") is { } subject && Find(subject.Value) is { } user
            ? user
            : throw new RefusedException(Refusal.NotSignedIn, "Nobody is signed in");

    /// <summary>Changes what a user may do; null if there is no such user.</summary>
    /// <exception cref="RefusedException">Whoever asks is no administrator.</exception>
    public Task<User?> AllowAsync(User administrator, string id, Permissions permissions, CancellationToken cancellationToken)
    {
        Permissions.Require(administrator.IsAdministrator, "change permissions");
        return database.ChangeAsync(
            (now, change) =>
            {
                if (now.Users.GetValueOrDefault(id) is not { } user)
                    return null;

                user = user with { Permissions = permissions };
                change.Add(user);
                return user;
            },
            cancellationToken);
    }

    /// <summary>Letters and digits of any script, and a few signs: no space that nobody sees, nothing that is a part of pages.</summary>
    private static void CheckName(string name)
    {
        if (name.Length is 0 or > Limits.NameLetters || !name.All(IsAllowed))
            throw new RefusedException(Refusal.Invalid, $"A username has from 1 to {Limits.NameLetters} letters, digits, '_', '-', '.' and '@'");

        static bool IsAllowed(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.' or '@';
    }
}
