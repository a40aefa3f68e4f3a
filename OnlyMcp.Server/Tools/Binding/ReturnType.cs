namespace OnlyMcp.Server.Tools.Binding;

/// <summary>What a method's return type says about its result.</summary>
internal static class ReturnType
{
    /// <summary>The type of the result behind a task; null where there is none.</summary>
    public static Type? ResultOf(Type returnType)
    {
        if (returnType == typeof(void) || returnType == typeof(Task) || returnType == typeof(ValueTask)) return null;
        return IsTaskOfResult(returnType) || IsValueTaskOfResult(returnType) ? returnType.GetGenericArguments()[0] : returnType;
    }

    public static bool IsTaskOfResult(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>);

    public static bool IsValueTaskOfResult(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>);
}
