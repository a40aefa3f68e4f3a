namespace PersonalDb;

/// <summary>How much is taken from anybody.</summary>
internal static class Limits
{
    public const int Users = 1000;
    public const int SessionsOfUser = 10;
    public const int Schemas = 200;
    public const int SchemaBytes = 64 * 1024;
    public const int EntitiesOfUser = 1000;
    public const int EntityBytes = 64 * 1024;
    public const int BytesOfUser = 4 * 1024 * 1024;
    public const long Bytes = 256L * 1024 * 1024;
    public const int Depth = 32;
    public const int NameLetters = 64;
    public const int BodyBytes = 256 * 1024;
    public const int RequestsAtOnce = 256;
}
