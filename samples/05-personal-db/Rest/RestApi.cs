using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Http;

namespace PersonalDb.Rest;

/// <summary>Finds the route of a request, checks who sent it, and answers it: with JSON, whatever happens.</summary>
internal sealed class RestApi(IEnumerable<RestRoute> routes, SignedIn signedIn)
{
    private readonly RestRoute[] routes = [.. routes];
    private int requests;

    /// <summary>Answers a request whose path begins with <c>/api/</c>; false for any other.</summary>
    public async ValueTask<bool> HandleAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        if (!http.Path.StartsWith("/api/", StringComparison.Ordinal))
            return false;

        var isTooMuch = Interlocked.Increment(ref requests) > Limits.RequestsAtOnce;
        try
        {
            var answer = isTooMuch
                ? RestAnswer.Problem(503, "Too many requests at once: try again")
                : await AnswerAsync(http, cancellationToken);
            if (answer.Status >= 400)
                await RestBody.ReadRestAsync(http, answer.Status, cancellationToken);
            await SendAsync(http, answer, cancellationToken);
        }
        catch (TransportClosedException)
        {
            http.Abort(0); // Nobody is left to be told.
        }
        finally
        {
            Interlocked.Decrement(ref requests);
        }

        return true;
    }

    private async ValueTask<RestAnswer> AnswerAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        try
        {
            return await HandleRouteAsync(http, cancellationToken);
        }
        catch (Exception fault) when (fault is not TransportClosedException)
        {
            return ProblemOf(fault, http);
        }
    }

    private async ValueTask<RestAnswer> HandleRouteAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        foreach (var route in routes)
        {
            if (!route.TryMatch(http.Path, out var values))
                continue;
            if (!route.Verbs.TryGetValue(http.Method, out var handler))
                return NotAllowed(route);

            signedIn.CheckOrigin(http);
            return await handler(new RestRequest(http, values, route.IsOpen ? null : signedIn.Require(http)), cancellationToken);
        }

        throw new RestException(404, "Nothing is served at this path");
    }

    private static async ValueTask SendAsync(HttpExchange http, RestAnswer answer, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in answer.Headers)
            http.SetResponseHeader(name, value);
        http.SetResponseHeader("Content-Type", "application/json");
        http.SetResponseHeader("Cache-Control", "no-store"); // It is one user's own.
        await http.RespondAsync(answer.Status, Json.Bytes(answer.Body), cancellationToken);
    }

    private static RestAnswer NotAllowed(RestRoute route) => RestAnswer.Problem(405, "This path knows other verbs") with
    {
        Headers = [("Allow", string.Join(", ", route.Verbs.Keys))],
    };

    private static RestAnswer ProblemOf(Exception fault, HttpExchange http) => fault switch
    {
        RestException { Status: 401 } => RestAnswer.Problem(401, fault.Message) with { Headers = [("WWW-Authenticate", "Bearer")] },
        RestException problem => RestAnswer.Problem(problem.Status, fault.Message),
        RefusedException refused => RestAnswer.Problem(StatusOf(refused.Reason), fault.Message),
        _ => Unforeseen(fault, http),
    };

    private static int StatusOf(Refusal reason) => reason switch
    {
        Refusal.NotSignedIn => 401,
        Refusal.NotAllowed => 403,
        Refusal.Taken => 409,
        Refusal.TooOften => 429,
        Refusal.Full => 507,
        _ => 400,
    };

    /// <summary>What it was is told to whoever runs the program; nobody else is to learn how it is made.</summary>
    private static RestAnswer Unforeseen(Exception fault, HttpExchange http)
    {
        Console.Error.WriteLine($"{http.Method} {http.Path} failed: {fault}");
        return RestAnswer.Problem(500, "This could not be done; whoever runs the server can read why");
    }
}
