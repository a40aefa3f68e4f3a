using System.Text.Json;

namespace OnlyMcp.Tests.Support;

/// <summary>One check of the conformance suite; its id may occur several times in a scenario.</summary>
public sealed record ConformanceCheck(string Id, string Status, string Description, string? ErrorMessage)
{
    /// <summary>SUCCESS, SKIPPED and INFO are fine. A WARNING is a SHOULD that was not met.</summary>
    public bool Failed => Status is "FAILURE" or "WARNING";

    public static ConformanceCheck Read(JsonElement check) => new(
        check.GetProperty("id").GetString()!,
        check.GetProperty("status").GetString()!,
        check.GetProperty("description").GetString()!,
        check.TryGetProperty("errorMessage", out JsonElement message) ? message.GetString() : null);
}

/// <summary>What the conformance suite saw in one scenario.</summary>
public sealed record ScenarioResult(string Scenario, IReadOnlyList<ConformanceCheck> Checks, string ClientErrors)
{
    /// <summary>The suite's own verdict, where the scenario ran alone.</summary>
    public int? ExitCode { get; init; }

    public IEnumerable<ConformanceCheck> Failures => Checks.Where(check => check.Failed);

    /// <summary>Fails the test with every check that failed, except those whose ids are known gaps; a gap that is closed fails it too.</summary>
    public void ShouldPass(params string[] knownGaps)
    {
        string[] closed = [.. knownGaps.Except(Failures.Select(check => check.Id))];
        if (closed.Length > 0)
            Assert.Fail($"{Scenario}: no longer a gap, take it off the list: {string.Join(", ", closed)}");
        bool unknownFailure = Failures.Any(check => !knownGaps.Contains(check.Id));
        bool clientFailed = ExitCode is not (null or 0) && !Failures.Any();
        if (unknownFailure || clientFailed || Checks.All(check => check.Status != "SUCCESS"))
            Assert.Fail(ToString());
    }

    public override string ToString()
    {
        IEnumerable<string> lines = Failures.Select(check => $"  {check.Status} {check.Id}: {check.ErrorMessage ?? check.Description}");
        string errors = ClientErrors.Length == 0 ? "" : $"\n  the client's stderr:\n{ClientErrors}";
        return $"{Scenario}: {Failures.Count()} of {Checks.Count} checks failed, exit code {ExitCode}\n{string.Join('\n', lines)}{errors}";
    }
}
