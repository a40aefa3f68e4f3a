namespace OnlyMcp.Protocol.Revisions;

public static partial class KnownRevisions
{
    /// <summary>Stateless: no sessions, every request carries its metadata, and the server asks by returning.</summary>
    /// <remarks>Spec: 2026-07-28 basic §Statelessness</remarks>
    public static Revision V20260728 { get; } = new()
    {
        Version = "2026-07-28",
        Era = Era.Modern,
        HasStreamableHttp = true,
        AcceptsBatches = false,
        SendsVersionHeader = true,
        DisconnectCancels = true,
        StreamsAreResumable = false,
        PrimesSseStreams = false,
        MethodNotFoundStatus = 404,
        ResourceNotFoundCode = -32602,
        AllowsErrorsWithoutId = true,
        HasAudioContent = true,
        HasResourceLinks = true,
        HasCacheHints = true,
        StructuredContent = StructuredContent.AnyJson,
        HasBooleanSchemas = true,
        AgreesOnCapabilities = false,
        DeclaresCompletion = true,
        HasElicitation = true,
        HasUrlElicitation = true,
        UrlElicitationHasId = false,
        HasChoicesInForms = true,
        HasSamplingTools = true,
        HasRequestedTasks = false,
        AnnouncesRootChanges = false,
        ServerMayAuthorizeItself = false,
    };
}
