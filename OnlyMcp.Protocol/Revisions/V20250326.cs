namespace OnlyMcp.Protocol.Revisions;

public static partial class KnownRevisions
{
    /// <summary>One endpoint for HTTP, sessions named by a header, batches, audio, authorization.</summary>
    /// <remarks>Spec: 2025-03-26 basic/transports §Streamable HTTP</remarks>
    public static Revision V20250326 { get; } = new()
    {
        Version = "2025-03-26",
        Era = Era.Legacy,
        HasStreamableHttp = true,
        AcceptsBatches = true,
        SendsVersionHeader = false,
        DisconnectCancels = false,
        StreamsAreResumable = true,
        PrimesSseStreams = false,
        MethodNotFoundStatus = 200,
        ResourceNotFoundCode = -32002,
        AllowsErrorsWithoutId = false,
        HasAudioContent = true,
        HasResourceLinks = false,
        HasCacheHints = false,
        StructuredContent = StructuredContent.None,
        HasBooleanSchemas = false,
        AgreesOnCapabilities = true,
        DeclaresCompletion = true,
        HasElicitation = false,
        HasUrlElicitation = false,
        UrlElicitationHasId = false,
        HasChoicesInForms = false,
        HasSamplingTools = false,
        HasRequestedTasks = false,
        AnnouncesRootChanges = true,
        ServerMayAuthorizeItself = true,
    };
}
