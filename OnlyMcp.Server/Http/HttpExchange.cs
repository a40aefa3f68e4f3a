using System.Security.Claims;

namespace OnlyMcp.Server.Http;

/// <summary>One HTTP request and its response, whatever server they came from: what <c>McpHttpHandler</c> needs, and nothing else.</summary>
/// <remarks>A class of some thirty lines makes one of HttpListener's context, of Kestrel's, or of a test's strings.</remarks>
public abstract class HttpExchange
{
    /// <summary>The request's verb, in capitals.</summary>
    public abstract string Method { get; }

    /// <summary>The request's path, decoded, without the query.</summary>
    public abstract string Path { get; }

    /// <summary>Who sent the request, where the host knows; else null.</summary>
    public virtual ClaimsPrincipal? Principal => null;

    /// <summary>The value of a request header, or null. Names are compared without regard to case; where several came, see the host.</summary>
    public abstract string? Header(string name);

    /// <summary>Sets a header of the response; possible until its first byte has left.</summary>
    public abstract void SetResponseHeader(string name, string value);
}
