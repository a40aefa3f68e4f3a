namespace OnlyMcp.Protocol.Revisions;

public static partial class KnownRevisions
{
    /// <summary>The first revision: sessions over stdio, or over HTTP with one long event stream beside a message endpoint.</summary>
    /// <remarks>Spec: 2024-11-05 basic/transports §HTTP with SSE</remarks>
    public static Revision V20241105 { get; } = new()
    {
        Version = "2024-11-05",
        Era = Era.Legacy,
        HasStreamableHttp = false,
        AcceptsBatches = false,
        SendsVersionHeader = false,
        DisconnectCancels = false,
        StreamsAreResumable = false,
        PrimesSseStreams = false,
        MethodNotFoundStatus = 200,
        ResourceNotFoundCode = -32002,
        AllowsErrorsWithoutId = false,
        HasAudioContent = false,
        HasResourceLinks = false,
        HasCacheHints = false,
        StructuredContent = StructuredContent.None,
        HasBooleanSchemas = false,
        AgreesOnCapabilities = true,
        DeclaresCompletion = false,
        HasElicitation = false,
        HasUrlElicitation = false,
        UrlElicitationHasId = false,
        HasChoicesInForms = false,
        HasSamplingTools = false,
        HasRequestedTasks = false,
        AnnouncesRootChanges = true,
        ServerMayAuthorizeItself = false,
    };
}
