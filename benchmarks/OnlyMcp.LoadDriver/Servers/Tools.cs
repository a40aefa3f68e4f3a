using System.ComponentModel;
using System.Globalization;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>What the servers offer: two tools that are called, and a hundred that are listed. Peers/tools.mjs has the same.</summary>
internal static class Tools
{
    public const string EchoDescription = "Says what it is told.";
    public const string AddDescription = "Adds two numbers.";
    public const string LookThroughDescription = "Looks through one shelf of the archive and says what it found there.";

    /// <summary>The names of the many.</summary>
    public static IEnumerable<string> ManyNames =>
        Enumerable.Range(0, 100).Select(number => string.Create(CultureInfo.InvariantCulture, $"tool_{number}"));

    public static string Echo(string text) => text;

    public static int Add(int a, int b) => a + b;

    public static string LookThrough(
        [Description("The words to look for, in any order.")] string query,
        [Description("How many finds to return at most.")] int limit,
        [Description("Whether the words must stand as they are.")] bool exact) =>
        string.Create(CultureInfo.InvariantCulture, $"{query} {limit} {exact}");
}
