using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PersonalDb.Accounts;

/// <summary>Turns passwords into hashes that are slow to make, so that whoever steals the store has to guess for long.</summary>
/// <remarks>A hash names its own parameters: <c>pbkdf2-sha256$COUNT$SALT$HASH</c>. A later version may count further.</remarks>
internal static class Passwords
{
    private const string Scheme = "pbkdf2-sha256";
    private const int Iterations = 600_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const int FewestLetters = 8;
    private const int MostLetters = 256;

    // Each takes a processor for a good while: no more of them at once than there are, whoever asks.
    private static readonly SemaphoreSlim Processors = new(Environment.ProcessorCount);
    private static readonly string OfNobody = HashOf(RandomNumberGenerator.GetHexString(32));

    /// <exception cref="RefusedException">It is too short, or absurdly long.</exception>
    public static void Check(string password)
    {
        if (password.Length is < FewestLetters or > MostLetters)
            throw new RefusedException(Refusal.Invalid, $"A password has from {FewestLetters} to {MostLetters} letters");
    }

    public static Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        SlowlyAsync(() => HashOf(password), cancellationToken);

    /// <summary>Whether a password has this hash; without one it takes as long to say no, and so does not tell who is a user.</summary>
    public static Task<bool> VerifyAsync(string password, string? hash, CancellationToken cancellationToken) =>
        SlowlyAsync(() => IsOf(password, hash ?? OfNobody) && hash is not null, cancellationToken);

    private static string HashOf(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return $"{Scheme}${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Derive(password, salt, Iterations))}";
    }

    private static bool IsOf(string password, string hash) =>
        hash.Split('$') is [Scheme, var count, var salt, var expected]
        && CryptographicOperations.FixedTimeEquals(
            Derive(password, Convert.FromBase64String(salt), int.Parse(count, CultureInfo.InvariantCulture)),
            Convert.FromBase64String(expected));

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, HashBytes);

    private static async Task<T> SlowlyAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await Processors.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            Processors.Release();
        }
    }
}
