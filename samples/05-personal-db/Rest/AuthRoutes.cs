using System.Text.Json;
using PersonalDb.Accounts;

namespace PersonalDb.Rest;

/// <summary>Registers users, and signs them in and out.</summary>
internal sealed class AuthRoutes(Users users, Sessions sessions)
{
    public IEnumerable<RestRoute> Routes =>
    [
        new("/api/auth/register", new Dictionary<string, RestHandler> { ["POST"] = RegisterAsync }) { IsOpen = true },
        new("/api/auth/login", new Dictionary<string, RestHandler> { ["POST"] = LogInAsync }) { IsOpen = true },
        new("/api/auth/logout", new Dictionary<string, RestHandler> { ["POST"] = LogOutAsync }),
        new("/api/auth/me", new Dictionary<string, RestHandler> { ["GET"] = MeAsync }),
    ];

    private async ValueTask<RestAnswer> RegisterAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var (name, password) = Credentials(await request.ReadBodyAsync(cancellationToken));
        var user = await users.RegisterAsync(name, password, isAdministrator: false, cancellationToken);
        return RestAnswer.Created(new { status = "registered", _id = user.Id });
    }

    private async ValueTask<RestAnswer> LogInAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var (name, password) = Credentials(await request.ReadBodyAsync(cancellationToken));
        var user = await users.SignInAsync(name, password, cancellationToken) ?? throw new RestException(401, "Invalid credentials");
        var token = await sessions.OpenAsync(user, cancellationToken);
        return new RestAnswer(new { status = "logged_in" }) { Headers = [SignedIn.SetCookie(token)] };
    }

    private async ValueTask<RestAnswer> LogOutAsync(RestRequest request, CancellationToken cancellationToken)
    {
        await sessions.CloseAsync(SignedIn.TokenOf(request.Http)!, cancellationToken);
        return new RestAnswer(new { status = "logged_out" }) { Headers = [SignedIn.ClearCookie] };
    }

    private ValueTask<RestAnswer> MeAsync(RestRequest request, CancellationToken cancellationToken) =>
        new(new RestAnswer(new { status = "logged_in", user_id = request.User.Id }));

    private static (string Name, string Password) Credentials(JsonElement body) =>
        (body.Text("username"), body.Text("password")) is ({ } name, { } password)
            ? (name, password)
            : throw new RestException(400, "Username and password are required");
}
