namespace OnlyMcp.Protocol.Revisions;

/// <summary>One published revision of the specification: the facts in which it differs from the others.</summary>
/// <remarks>
/// Every fact is required and named after what the code does with it, so that a new one does not compile until it is stated for
/// each revision, and the difference of two files is the difference of two revisions.
/// </remarks>
public sealed record Revision
{
    /// <summary>The protocol version as it stands on the wire: a date.</summary>
    public required string Version { get; init; }

    /// <summary>How conversations are held.</summary>
    public required Era Era { get; init; }

    /// <summary>Whether the revision is spoken over Streamable HTTP; otherwise HTTP+SSE is its only HTTP transport.</summary>
    public required bool HasStreamableHttp { get; init; }

    /// <summary>Whether an array of messages is taken.</summary>
    public required bool AcceptsBatches { get; init; }

    /// <summary>Whether a client names the version in a header of each HTTP request (after <c>initialize</c>, where there is one).</summary>
    public required bool SendsVersionHeader { get; init; }

    /// <summary>Whether a client's leaving cancels its request.</summary>
    public required bool DisconnectCancels { get; init; }

    /// <summary>Whether events on HTTP streams carry ids, so that a broken stream can be resumed.</summary>
    public required bool StreamsAreResumable { get; init; }

    /// <summary>Whether such a stream opens with an empty event that carries the first id.</summary>
    public required bool PrimesSseStreams { get; init; }

    /// <summary>The HTTP status beside <c>-32601</c>.</summary>
    public required int MethodNotFoundStatus { get; init; }

    /// <summary>The error code for a resource that does not exist.</summary>
    public required int ResourceNotFoundCode { get; init; }

    /// <summary>Whether an error response may lack its id where the id could not be read.</summary>
    public required bool AllowsErrorsWithoutId { get; init; }

    /// <summary>Whether a message has room for sound.</summary>
    public required bool HasAudioContent { get; init; }

    /// <summary>Whether a tool's result has room for links to resources.</summary>
    public required bool HasResourceLinks { get; init; }

    /// <summary>Whether a result says for how long and for whom it may be kept.</summary>
    public required bool HasCacheHints { get; init; }

    /// <summary>What a tool may return beside its content.</summary>
    public required StructuredContent StructuredContent { get; init; }

    /// <summary>Whether a property's schema may be <c>true</c> or <c>false</c>.</summary>
    public required bool HasBooleanSchemas { get; init; }

    /// <summary>Whether both sides agree at the start on what they can do, and keep to it.</summary>
    public required bool AgreesOnCapabilities { get; init; }

    /// <summary>Whether a server that completes values says so.</summary>
    public required bool DeclaresCompletion { get; init; }

    /// <summary>Whether the client's user can be asked.</summary>
    public required bool HasElicitation { get; init; }

    /// <summary>Whether the client's user can be sent to a web page.</summary>
    public required bool HasUrlElicitation { get; init; }

    /// <summary>Whether such a page has an id, under which the server says that the user is done there.</summary>
    public required bool UrlElicitationHasId { get; init; }

    /// <summary>Whether a form has room for choices of several, and for choices with names of their own.</summary>
    public required bool HasChoicesInForms { get; init; }

    /// <summary>Whether a client's model can be given tools, and messages of several pieces.</summary>
    public required bool HasSamplingTools { get; init; }

    /// <summary>Whether a client may wish that a request be a task. (Later it is the server's choice, and an extension.)</summary>
    public required bool HasRequestedTasks { get; init; }

    /// <summary>Whether a client tells its server that its roots have changed.</summary>
    public required bool AnnouncesRootChanges { get; init; }

    /// <summary>Whether a server may be its own authorization server, found at the root of its host without a word from it.</summary>
    public required bool ServerMayAuthorizeItself { get; init; }

    /// <summary>The version as it stands on the wire.</summary>
    public override string ToString() => Version;
}

/// <summary>What room a revision has for a tool's machine-readable result.</summary>
public enum StructuredContent
{
    /// <summary>None: text is all there is.</summary>
    None,

    /// <summary>A JSON object.</summary>
    ObjectsOnly,

    /// <summary>Any JSON value.</summary>
    AnyJson,
}
