using System.Text.Json;
using PersonalDb.Accounts;

namespace PersonalDb.Rest;

/// <summary>Shows what a user may do, and lets an administrator change it.</summary>
internal sealed class PermissionRoutes(Users users)
{
    public IEnumerable<RestRoute> Routes =>
    [
        new("/api/permissions/*", new Dictionary<string, RestHandler> { ["GET"] = ReadAsync, ["PATCH"] = ChangeAsync }),
    ];

    private ValueTask<RestAnswer> ReadAsync(RestRequest request, CancellationToken cancellationToken)
    {
        Permissions.Require(request.User.IsAdministrator || request.User.Id == request.Values[0], "see the permissions of others");
        var user = users.Find(request.Values[0]) ?? throw NotFound();
        return new(Answer(user.Id, user.Permissions));
    }

    private async ValueTask<RestAnswer> ChangeAsync(RestRequest request, CancellationToken cancellationToken)
    {
        Permissions.Require(request.User.IsAdministrator, "change permissions");
        var body = await request.ReadBodyAsync(cancellationToken);
        var before = (users.Find(request.Values[0]) ?? throw NotFound()).Permissions;
        if (body.Object("entities") is null && body.Object("schemas") is null)
            throw new RestException(400, "No valid permissions fields to update");

        var permissions = new Permissions(
            Entities: Changed(before.Entities, body.Object("entities")), Schemas: Changed(before.Schemas, body.Object("schemas")));
        var user = await users.AllowAsync(request.User, request.Values[0], permissions, cancellationToken) ?? throw NotFound();
        return Answer(user.Id, user.Permissions);
    }

    private static Rights Changed(Rights before, JsonElement? change) => change is not { } given ? before : new Rights(
        Create: Right(given, "create") ?? before.Create,
        Read: Right(given, "read") ?? before.Read,
        Update: Right(given, "update") ?? before.Update,
        Delete: Right(given, "delete") ?? before.Delete);

    private static bool? Right(JsonElement given, string name) => !given.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new RestException(400, $"'{name}' must be true or false"),
    };

    private static RestAnswer Answer(string userId, Permissions permissions) =>
        new(new { user_id = userId, permissions.Entities, permissions.Schemas });

    private static RestException NotFound() => new(404, "Permissions not found for the user");
}
