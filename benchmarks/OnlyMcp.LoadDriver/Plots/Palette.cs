namespace OnlyMcp.LoadDriver.Plots;

/// <summary>One colour for each contender in all plots, told apart by people who see colours differently, too.</summary>
internal static class Palette
{
    private static readonly string[] Others = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    public static string Of(string contender, int index) => contender switch
    {
        "ours" => "#0072b2",
        "pipe" => "#56b4e9",
        "raw" => "#8c959f",
        "kestrel" => "#c0c6cc",
        "csharp" => "#d55e00",
        "ts2" => "#009e73",
        "ts1" => "#cc79a7",
        _ => Others[index % Others.Length],
    };
}
