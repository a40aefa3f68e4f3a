using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace LongJob;

/// <summary>The job: draws a film, scene by scene, and asks in the middle how it shall go on.</summary>
internal static class Film
{
    public const string Tool = "draw_film";
    public const double ShortestSeconds = 0.1;
    public const double LongestSeconds = 3600;

    private const int Scenes = 10;

    private static readonly ClientCapabilities Forms = new() { Elicitation = new() { Form = new() } };

    /// <remarks>
    /// The attribute is all that makes its calls tasks. Should the server die, the next one runs the method again, from its first line:
    /// each scene stands in <c>OnceAsync</c>, so that none is drawn twice, and the answer that was given is not asked for again.
    /// </remarks>
    [McpTask(WhenInterrupted = InterruptedTask.RunsAgain, PollIntervalSeconds = 0.25)]
    [Description("Draws a film of ten scenes, and asks in the middle how it shall go on")]
    public static async Task<string> DrawAsync(
        RequestContext context,
        CancellationToken stop,
        [Range(ShortestSeconds, LongestSeconds), Description("How long that shall take")] double seconds = 30)
    {
        context.Require(Forms); // Who cannot be asked learns it now, and not when half of the work is done.
        await DrawAllAsync(1, Scenes / 2);
        var wish = await context.ElicitAsync<Wish>("look", "Half of the film is drawn. How shall the other half look?", stop);
        if (!wish.IsAccepted)
            return $"The film ends after {Scenes / 2} scenes.";

        await DrawAllAsync(Scenes / 2 + 1, Scenes);
        return $"The film has {Scenes} scenes, and ends in {wish.Value.Look}.";

        async Task DrawAllAsync(int first, int last)
        {
            for (var scene = first; scene <= last; scene++)
            {
                var number = scene;
                await context.OnceAsync($"scene {number}", token => DrawOneAsync(context, number, seconds / Scenes, token), stop);
            }
        }
    }

    private static async Task DrawOneAsync(RequestContext context, int number, double seconds, CancellationToken stop)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), stop);
        Console.WriteLine($"Scene {number} is drawn");
        await context.ReportProgressAsync(number, Scenes, $"scene {number} of {Scenes} is drawn", stop);
    }

    /// <summary>What is asked.</summary>
    public sealed record Wish(Look Look);

    /// <summary>What may be answered.</summary>
    public enum Look
    {
        Colour,
        Grey,
    }
}
