namespace OnlyMcp.LoadDriver.Clients;

/// <summary>A client, whichever it is, that has a tool say what it is told, and checks that it did.</summary>
internal interface ICaller : IAsyncDisposable
{
    /// <summary>Makes one call. Many run at a time, one in each place.</summary>
    /// <exception cref="InvalidDataException">The answer is that of another call, or none.</exception>
    ValueTask CallAsync(int place, int number);
}

/// <summary>What is said, and must come back.</summary>
internal static class Said
{
    /// <summary>All numbers have as many digits: see <see cref="Load.NumberedCall"/>.</summary>
    public static string With(int number) => $"number {number}";

    public static void Check(string? answered, string said)
    {
        if (answered != said)
            throw new InvalidDataException($"'{said}' was answered with '{answered}'.");
    }
}
