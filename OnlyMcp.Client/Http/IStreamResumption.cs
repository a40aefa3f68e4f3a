namespace OnlyMcp.Client.Http;

/// <summary>Opens an event stream anew that has ended too soon, behind the last event that was received.</summary>
internal interface IStreamResumption
{
    /// <summary>Waits as long as the server asked for, and opens the stream again; null where the server has none to open.</summary>
    /// <param name="lastEventId">The last event that was received.</param>
    /// <param name="wait">How long the server asked to wait; null if it did not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Protocol.Transport.TransportClosedException">The server cannot be reached.</exception>
    Task<HttpResponseMessage?> ResumeAsync(string lastEventId, TimeSpan? wait, CancellationToken cancellationToken);
}
