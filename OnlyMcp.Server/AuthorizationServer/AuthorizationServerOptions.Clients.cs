namespace OnlyMcp.Server.AuthorizationServers;

public sealed partial record AuthorizationServerOptions
{
    /// <summary>Programs that are known from the start.</summary>
    public IReadOnlyList<RegisteredClient> Clients { get; init; } = [];
}
