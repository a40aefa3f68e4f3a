using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OnlyMcp.Client.Authorization;

/// <summary>Keeps tokens and registrations in files of this user, so that a person need not sign in whenever the program starts.</summary>
/// <remarks>
/// <para>
/// Each has a file of its own, named after a digest; any number of processes of one user may use the folder at the same time. Files are
/// there as a whole or not at all. On Unix folder and files are their owner's alone, and one that is open to others, or a link to another
/// place, is refused; on Windows they have the rights of the folder around, which by default is the user's own. Nothing is encrypted:
/// who can read this user's files can read the tokens, unless the disk is. The folder has to be on a disk of this machine, for shares of
/// a network do not all keep two processes apart. A file that is damaged is logged, without its content, and counts as absent.
/// </para>
/// Spec: 2026-07-28 basic/authorization/security-considerations §Token Theft
/// Spec: 2026-07-28 basic/authorization §Refresh Tokens
/// </remarks>
public sealed class FileTokenStore : ITokenStore
{
    private readonly TokenFolder folder;
    private readonly ILogger logger;

    /// <summary>Uses a folder, which is made when there is something to keep.</summary>
    /// <param name="folder">Where the files are, and nothing else; null takes <see cref="DefaultFolder"/>.</param>
    /// <param name="maxEntries">How many tokens, and as many registrations, are kept; 1,000 by default. The oldest go first.</param>
    /// <param name="lockTimeout">How long to wait for another process that has what is wanted; 1 minute by default.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of files that are damaged; nobody by default.</param>
    /// <exception cref="InvalidOperationException">There is no default folder, because this user has no home.</exception>
    public FileTokenStore(
        string? folder = null, int maxEntries = 1_000, TimeSpan? lockTimeout = null, TimeProvider? time = null,
        ILogger<FileTokenStore>? logger = null)
    {
        if (folder is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEntries, 1);
        this.logger = logger ?? NullLogger<FileTokenStore>.Instance;
        this.folder = new(folder ?? DefaultFolder, maxEntries, lockTimeout ?? TimeSpan.FromMinutes(1), time ?? TimeProvider.System);
    }

    /// <summary>
    /// Where tokens are unless another folder is named, for each program apart: on Windows <c>%LOCALAPPDATA%\OnlyMcp\PROGRAM</c>, on macOS
    /// <c>~/Library/Application Support/OnlyMcp/PROGRAM</c>, elsewhere <c>$XDG_STATE_HOME/onlymcp/PROGRAM</c>, or
    /// <c>~/.local/state/onlymcp/PROGRAM</c> where that is not set.
    /// </summary>
    /// <exception cref="InvalidOperationException">This user has no home.</exception>
    public static string DefaultFolder => TokenPlace.OfThisProgram();

    /// <summary>Where the files are.</summary>
    public string Folder => folder.FullName;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be read, or others can; the message says what to do.</exception>
    public ValueTask<StoredTokens?> FindAsync(TokenKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(Read(TokenFileName.Of(key)) is { } file && file.Tokens!.Key == key ? file.Tokens : null);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A file cannot be read, or others can; the message says what to do.</exception>
    public ValueTask<StoredTokens?> FindLatestAsync(string resource, string profile, CancellationToken cancellationToken = default) =>
        new(FilesOf(resource, profile).MaxBy(file => file.Order)?.Tokens);

    /// <inheritdoc/>
    /// <exception cref="IOException">It could not be written; what was there before still is, and the message says what to do.</exception>
    /// <exception cref="ArgumentException">They are too large to be tokens.</exception>
    /// <exception cref="TimeoutException">Another process has had the folder for too long.</exception>
    public async ValueTask SaveAsync(StoredTokens tokens, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        using var turn = await folder.TakeAsync(cancellationToken).ConfigureAwait(false);

        // Not the time: clocks go back.
        var order = 1 + FilesOf(tokens.Key.Resource, tokens.Key.Profile).Select(file => file.Order).DefaultIfEmpty().Max();
        await WriteAsync(TokenFileName.Of(tokens.Key), new() { Order = order, Tokens = tokens }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file could not be removed.</exception>
    /// <exception cref="TimeoutException">Another process has had the folder for too long.</exception>
    public ValueTask RemoveAsync(TokenKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return DeleteAsync(TokenFileName.Of(key), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Keeps other processes away too; when one ends, however it ends, it has nothing locked any more.</remarks>
    /// <exception cref="IOException">The folder cannot be used; the message says what to do.</exception>
    /// <exception cref="TimeoutException">Somebody else has had the tokens for too long.</exception>
    public ValueTask<IAsyncDisposable> LockAsync(TokenKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return folder.LockAsync(TokenFileName.Of(key), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be read, or others can; the message says what to do.</exception>
    public ValueTask<ClientCredentials?> FindRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default) =>
        new(Read(TokenFileName.OfRegistration(issuer, profile)) is { Client: { } client } file
            && client.Issuer == issuer && file.Profile == profile ? client : null);

    /// <inheritdoc/>
    /// <exception cref="IOException">It could not be written; what was there before still is, and the message says what to do.</exception>
    /// <exception cref="ArgumentException">It does not say whose it is, or is too large to be one.</exception>
    /// <exception cref="TimeoutException">Another process has had the folder for too long.</exception>
    public async ValueTask SaveRegistrationAsync(string profile, ClientCredentials client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (client.Issuer is null)
            throw new ArgumentException("A registration names the authorization server that made it.", nameof(client));

        using var turn = await folder.TakeAsync(cancellationToken).ConfigureAwait(false);
        var name = TokenFileName.OfRegistration(client.Issuer, profile);
        await WriteAsync(name, new() { Profile = profile, Client = client }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file could not be removed.</exception>
    /// <exception cref="TimeoutException">Another process has had the folder for too long.</exception>
    public ValueTask RemoveRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default) =>
        DeleteAsync(TokenFileName.OfRegistration(issuer, profile), cancellationToken);

    private IEnumerable<TokenFile> FilesOf(string resource, string profile) => folder.NamesOf(TokenFileName.PrefixOf(resource, profile))
        .Select(Read).OfType<TokenFile>().Where(file => file.Tokens!.Key.Resource == resource && file.Tokens.Key.Profile == profile);

    /// <summary>A file that is of the kind that its name says; null if there is none.</summary>
    private TokenFile? Read(string name)
    {
        try
        {
            return folder.Read(name) is { } json ? TokenFile.Parse(json, isRegistration: TokenFileName.IsRegistration(name)) : null;
        }
        catch (JsonException fault)
        {
            // Its message may hold a piece of what is in the file.
            logger.LogWarning(
                "'{File}' is damaged (line {Line}, byte {Byte}), and counts as absent. It is replaced at the next sign-in.",
                folder.PathOf(name), fault.LineNumber, fault.BytePositionInLine);
            return null;
        }
    }

    /// <summary>Once begun it is not cancelled: nobody would know what became of it.</summary>
    private Task WriteAsync(string name, TokenFile file)
    {
        var json = file.ToJson();
        return Task.Run(() => folder.Write(name, json), CancellationToken.None);
    }

    private async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (!folder.Exists(name))
            return;

        using var turn = await folder.TakeAsync(cancellationToken).ConfigureAwait(false);
        folder.Delete(name);
    }
}
