using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Tasks;

/// <content>What may become of a task that has not ended.</content>
public sealed partial record StoredTask
{
    /// <summary>With these questions added or changed; it waits for input while one has no answer.</summary>
    internal StoredTask With(IEnumerable<KeyValuePair<string, TaskQuestion>> questions)
    {
        var all = new Dictionary<string, TaskQuestion>(Questions);
        foreach (var (key, question) in questions)
            all[key] = question;
        return WithAll(all);
    }

    /// <summary>Without questions whose answers have been heard, or that nobody waits for.</summary>
    internal StoredTask Without(Func<string, TaskQuestion, bool> isOver) =>
        WithAll(Questions.Where(question => !isOver(question.Key, question.Value)).ToDictionary());

    /// <summary>At its end; kept so much longer that its client has the time to notice, whatever a wall clock says.</summary>
    internal StoredTask Ended(McpTaskStatus status, TaskOptions options) => this with
    {
        Status = status,
        Questions = new Dictionary<string, TaskQuestion>(),
        UsedKeys = [],
        Inputs = null,
        TimeToLive = TimeToLive + options.KeepResults,
    };

    /// <summary>At its end, with an error.</summary>
    internal StoredTask Failed(TaskError error, TaskOptions options) =>
        Ended(McpTaskStatus.Failed, options) with { Error = error, StatusMessage = options.Short(error.Message) };

    /// <summary>At its end, for a reason that is the server's.</summary>
    internal StoredTask Failed(string why, TaskOptions options) =>
        Failed(new TaskError { Code = ErrorCode.InternalError, Message = why }, options);

    private StoredTask WithAll(Dictionary<string, TaskQuestion> questions) => this with
    {
        Questions = questions,
        Status = questions.Values.All(question => question.IsAnswered) ? McpTaskStatus.Working : McpTaskStatus.InputRequired,
    };
}
