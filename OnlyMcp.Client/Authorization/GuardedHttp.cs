namespace OnlyMcp.Client.Authorization;

/// <summary>The one way to all servers of authorization.</summary>
internal sealed class GuardedHttp;
