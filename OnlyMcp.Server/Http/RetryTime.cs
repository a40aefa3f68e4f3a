namespace OnlyMcp.Server.Http;

/// <summary>What a client can be told to wait: whole milliseconds that fit into 32 bits.</summary>
internal static class RetryTime
{
    public const string Range = "no less than zero and no more than 24 days";

    public static bool IsValid(TimeSpan time) => time >= TimeSpan.Zero && time <= TimeSpan.FromDays(24);
}
