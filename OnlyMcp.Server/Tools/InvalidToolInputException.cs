namespace OnlyMcp.Server.Tools;

/// <summary>
/// The arguments of a tool call do not fit the tool. Names the place, what was expected there and what came, so that a model can correct
/// its call.
/// </summary>
/// <remarks>
/// <para>Spec: 2026-07-28 server/tools §Error Handling</para>
/// A tool may throw it too, for what its schema cannot say (an end before a start, an unknown account).
/// </remarks>
public sealed class InvalidToolInputException : Exception
{
    /// <summary>Says what is wrong with the arguments, and where.</summary>
    /// <param name="path">The place as a JSON Pointer (RFC 6901): <c>/points/2/x</c>; empty for the arguments as a whole.</param>
    /// <param name="expected">What may stand there, as the end of "expected ...": <c>an integer from 0 to 255</c>.</param>
    /// <param name="received">What stands there, as the end of "received ...": <c>"blue"</c>, <c>an array</c>.</param>
    /// <param name="innerException">The failure behind it, if any.</param>
    public InvalidToolInputException(string path, string expected, string received, Exception? innerException = null)
        : base(Sentence(path, expected, received), innerException)
    {
        Path = path;
        Expected = expected;
        Received = received;
    }

    /// <summary>The place as a JSON Pointer (RFC 6901), empty for the arguments as a whole.</summary>
    public string Path { get; }

    /// <summary>What may stand there.</summary>
    public string Expected { get; }

    /// <summary>What stands there, shortened where it is long.</summary>
    public string Received { get; }

    private static string Sentence(string path, string expected, string received)
    {
        string place = path.Length == 0 ? "Invalid arguments" : $"Invalid argument at {path}";
        return $"{place}: expected {expected}, received {received}.";
    }
}
