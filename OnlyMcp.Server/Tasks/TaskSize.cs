using System.Runtime.InteropServices;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Tasks;

/// <summary>About how many bytes a task takes, without writing it: a task that reports progress is measured all the time.</summary>
internal static class TaskSize
{
    // What has no size of its own: names, times, numbers, quotes.
    private const int Frame = 1000;

    public static int Of(StoredTask task)
    {
        long size = Frame + Of(task.Parameters) + Of(task.Inputs) + Of(task.Result) + Of(task.Error)
            + Of(task.Owner) + Of(task.Name) + Of(task.StatusMessage) + Of(task.Progress?.Message)
            + Of(task.ClientCapabilities.Extensions) + Of(task.ClientCapabilities.Experimental);
        foreach (var (key, question) in task.Questions)
            size += Of(key) + Of(question.ToolKey) + Of(question.Request.Params) + Of(question.Answer) + Of(question.Refusal);
        foreach (var key in task.UsedKeys)
            size += Of(key);
        foreach (var claim in task.Principal?.Claims ?? [])
            size += Of(claim.Type) + Of(claim.Value) + Of(claim.ValueType) + Of(claim.Issuer);
        return (int)Math.Min(size, int.MaxValue);
    }

    private static int Of(string? text) => text?.Length ?? 0;

    private static int Of(JsonElement? element) => element is { } json ? JsonMarshal.GetRawUtf8Value(json).Length : 0;

    private static int Of(TaskError? error) => Of(error?.Message) + Of(error?.Data);

    private static int Of(IReadOnlyDictionary<string, JsonElement>? members) =>
        members?.Sum(member => Of(member.Key) + Of(member.Value)) ?? 0;
}
