namespace OnlyMcp.Server.Inputs;

/// <summary>Stops a handler that asked something: it runs again, from its beginning, with the answer.</summary>
/// <remarks>A cancellation of a kind, so that what handlers do about failures (retry, log, fall back) passes it by.</remarks>
internal sealed class QuestionAskedException(string key) : OperationCanceledException(
    $"The client is asked for '{key}'. The handler stops here and runs again with the answer: let this exception pass.");
