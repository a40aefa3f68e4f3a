namespace OnlyMcp.Server.Completions;

/// <summary>What somebody has typed so far, for an argument whose values are proposed to them.</summary>
/// <remarks>Spec: 2026-07-28 server/utilities/completion §CompleteRequest</remarks>
/// <param name="Value">What has been typed of the value; may be empty.</param>
/// <param name="Arguments">The arguments that have their values already, by name.</param>
/// <param name="Context">The request that this answers. MUST: what the one who asks may not see is not proposed to them either.</param>
public sealed record CompletionQuery(string Value, IReadOnlyDictionary<string, string> Arguments, RequestContext Context);
