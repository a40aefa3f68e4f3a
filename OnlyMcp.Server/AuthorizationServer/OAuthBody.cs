using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Reads what is posted to an authorization server, as much and as long as is allowed.</summary>
internal static class OAuthBody
{
    /// <summary>How many bytes a body may have: an assertion, and some room.</summary>
    public const int MostBytes = 64 * 1024;

    private const string Form = "application/x-www-form-urlencoded";
    private const string Json = "application/json";
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(10);

    /// <summary>The parameters of a form. Choice: an object of JSON with texts for values is taken for one, as some frontends send it.</summary>
    /// <exception cref="OAuthException">It is neither, or too long (413).</exception>
    public static async ValueTask<OAuthParameters> ReadAsync(HttpExchange http, TimeProvider time, CancellationToken cancellationToken)
    {
        var isJson = IsOfType(http, Json);
        if (!isJson && !IsOfType(http, Form))
            throw new OAuthException(OAuthErrorCode.InvalidRequest, $"The Content-Type is {Form}.", 415);

        using var body = await ReadBytesAsync(http, time, cancellationToken).ConfigureAwait(false);
        return isJson ? ParseJson(body.Written) : OAuthParameters.Parse(Encoding.Latin1.GetString(body.Written.Span));
    }

    /// <summary>A body of JSON, as it came.</summary>
    /// <exception cref="OAuthException">It is of another type (415), or too long (413).</exception>
    public static ValueTask<PooledBuffer> ReadJsonAsync(HttpExchange http, TimeProvider time, CancellationToken cancellationToken) =>
        IsOfType(http, Json)
            ? ReadBytesAsync(http, time, cancellationToken)
            : throw new OAuthException(OAuthErrorCode.InvalidRequest, $"The Content-Type is {Json}.", 415);

    private static async ValueTask<PooledBuffer> ReadBytesAsync(HttpExchange http, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = new PooledBuffer();
        try
        {
            if (await RequestBody.ReadAsync(http, body, MostBytes, LongestRead, time, cancellationToken).ConfigureAwait(false))
                return body;
        }
        catch (RefusedRequestException refused)
        {
            body.Dispose();
            throw new OAuthException(OAuthErrorCode.InvalidRequest, refused.Message, refused.HttpStatus);
        }
        catch
        {
            body.Dispose();
            throw;
        }

        body.Dispose();
        throw new Protocol.Transport.TransportClosedException("The body took too long, and its sender was told.");
    }

    private static OAuthParameters ParseJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 2, AllowDuplicateProperties = false });
            var parameters = new OAuthParameters();
            foreach (var member in document.RootElement.EnumerateObject())
                parameters.Add(member.Name, member.Value.GetString() ?? "");
            return parameters;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new OAuthException(OAuthErrorCode.InvalidRequest, "The body is no JSON object whose values are texts.");
        }
    }

    private static bool IsOfType(HttpExchange http, string type)
    {
        var sent = http.Header("Content-Type").AsSpan();
        var end = sent.IndexOf(';');
        return (end < 0 ? sent : sent[..end]).Trim().Equals(type, StringComparison.OrdinalIgnoreCase);
    }
}
