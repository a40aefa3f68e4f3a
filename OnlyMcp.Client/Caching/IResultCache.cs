namespace OnlyMcp.Client.Caching;

/// <summary>
/// Keeps what servers answered, for as long as they say that it stays fresh. Several clients may share one; what a server calls public
/// is then served to all of them, and what is private to those with the same credentials alone.
/// </summary>
/// <remarks>
/// Called by many at a time. A failure is logged and never fails a call: the server is asked instead.
/// Spec: 2026-07-28 server/utilities/caching §Cache Key
/// </remarks>
public interface IResultCache
{
    /// <summary>What is kept under exactly this key; null if nothing is.</summary>
    ValueTask<KeptResult?> FindAsync(ResultKey key, CancellationToken cancellationToken = default);

    /// <summary>Keeps a result in the place of the one before; it may be forgotten at any time.</summary>
    ValueTask KeepAsync(ResultKey key, KeptResult result, CancellationToken cancellationToken = default);

    /// <summary>Forgets what a server answered to a method, whoever asked and with whatever parameters.</summary>
    /// <param name="server">The server, as in <see cref="ResultKey.Server"/>.</param>
    /// <param name="method">The method.</param>
    /// <param name="uri">Only answers about this address, one above it or one below it; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    ValueTask ForgetAsync(string server, string method, string? uri, CancellationToken cancellationToken = default);
}

/// <summary>What a kept result is found by.</summary>
/// <param name="Server">The server's address; for a server without one, something that no other has.</param>
/// <param name="Owner">
/// Stands for the credentials that a private result was asked with, and does not tell them; empty for a public one.
/// </param>
/// <param name="Method">The method, such as <c>tools/list</c>.</param>
/// <param name="Parameters">The parameters as JSON, without metadata, written in one way alone.</param>
/// <param name="Uri">The address of the resource that the result is about; null if it is about none.</param>
public sealed record ResultKey(string Server, string Owner, string Method, string Parameters, string? Uri = null);

/// <summary>A result that is kept.</summary>
/// <param name="Json">The result as the server sent it, in UTF-8.</param>
/// <param name="FreshUntil">From then on it is not served any more.</param>
public sealed record KeptResult(ReadOnlyMemory<byte> Json, DateTimeOffset FreshUntil);
