namespace OnlyMcp.Protocol.Revisions;

public static partial class KnownRevisions
{
    /// <summary>Streams that a server may close and a client polls, icons, tasks, elicitation by URL.</summary>
    /// <remarks>Spec: 2025-11-25 basic/transports §Resumability and Redelivery</remarks>
    public static Revision V20251125 { get; } = new()
    {
        Version = "2025-11-25",
        Era = Era.Legacy,
        HasStreamableHttp = true,
        AcceptsBatches = false,
        SendsVersionHeader = true,
        DisconnectCancels = false,
        StreamsAreResumable = true,
        PrimesSseStreams = true,
        MethodNotFoundStatus = 200,
        ResourceNotFoundCode = -32002,
        AllowsErrorsWithoutId = true,
        HasAudioContent = true,
        HasResourceLinks = true,
        HasCacheHints = false,
        StructuredContent = StructuredContent.ObjectsOnly,
        HasBooleanSchemas = false,
        AgreesOnCapabilities = true,
        DeclaresCompletion = true,
        HasElicitation = true,
        HasUrlElicitation = true,
        UrlElicitationHasId = true,
        HasChoicesInForms = true,
        HasSamplingTools = true,
        HasRequestedTasks = true,
        AnnouncesRootChanges = true,
        ServerMayAuthorizeItself = false,
    };
}
