namespace OnlyMcp.Server.Tools;

/// <summary>Marks a parameter of a tool that comes from <see cref="McpServerOptions.Services"/> and not from the arguments.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromServicesAttribute : Attribute;
