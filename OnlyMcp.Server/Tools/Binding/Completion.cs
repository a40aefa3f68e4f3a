namespace OnlyMcp.Server.Tools.Binding;

/// <summary>
/// Turns what a method returned into one kind of task. By the time it runs the method has been called, so no frame of it stands above
/// the user's code; it throws nothing of its own, and an exception of the tool comes out of the await as it went in.
/// </summary>
internal static class Completion
{
    public static ValueTask<object?> OfNothing() => default;

    public static ValueTask<object?> OfValue<T>(T value) => new(value);

    public static async ValueTask<object?> OfTask(Task task)
    {
        await task.ConfigureAwait(false);
        return null;
    }

    public static async ValueTask<object?> OfTask<T>(Task<T> task) => await task.ConfigureAwait(false);

    public static async ValueTask<object?> OfValueTask(ValueTask task)
    {
        await task.ConfigureAwait(false);
        return null;
    }

    public static async ValueTask<object?> OfValueTask<T>(ValueTask<T> task) => await task.ConfigureAwait(false);
}
