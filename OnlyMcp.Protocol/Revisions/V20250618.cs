namespace OnlyMcp.Protocol.Revisions;

public static partial class KnownRevisions
{
    /// <summary>No more batches; the version in a header, structured tool results, links to resources, elicitation.</summary>
    /// <remarks>Spec: 2025-06-18 basic/transports §Protocol Version Header</remarks>
    public static Revision V20250618 { get; } = new()
    {
        Version = "2025-06-18",
        Era = Era.Legacy,
        HasStreamableHttp = true,
        AcceptsBatches = false,
        SendsVersionHeader = true,
        DisconnectCancels = false,
        StreamsAreResumable = true,
        PrimesSseStreams = false,
        MethodNotFoundStatus = 200,
        ResourceNotFoundCode = -32002,
        AllowsErrorsWithoutId = false,
        HasAudioContent = true,
        HasResourceLinks = true,
        HasCacheHints = false,
        StructuredContent = StructuredContent.ObjectsOnly,
        HasBooleanSchemas = false,
        AgreesOnCapabilities = true,
        DeclaresCompletion = true,
        HasElicitation = true,
        HasUrlElicitation = false,
        UrlElicitationHasId = false,
        HasChoicesInForms = false,
        HasSamplingTools = false,
        HasRequestedTasks = false,
        AnnouncesRootChanges = true,
        ServerMayAuthorizeItself = false,
    };
}
