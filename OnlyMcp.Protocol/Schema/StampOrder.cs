namespace OnlyMcp.Protocol.Schema;

// What a message says comes first on the wire, what every message carries comes last: in this order. What a derived record says would
// come before what its base says, unless that is put first.
internal static class StampOrder
{
    public const int First = -1;
    public const int Task = 98;
    public const int Annotations = 99;
    public const int NextCursor = 100;
    public const int ResultType = 200;
    public const int TtlMs = 201;
    public const int CacheScope = 202;
    public const int Meta = 203;
}
