using System.Text.Json;
using PersonalDb.Data;

namespace PersonalDb.Rest;

/// <summary>A user's entities over REST: each under its own address, or named in the query or the body.</summary>
internal sealed class EntityRoutes(Entities entities)
{
    public IEnumerable<RestRoute> Routes =>
    [
        new("/api/schemas/*/entities", new Dictionary<string, RestHandler>
        {
            ["GET"] = (request, _) => new(request.Query("_id") is { } id ? Read(request, id) : List(request)),
            ["POST"] = CreateAsync,
            ["PUT"] = UpdateNamedAsync,
            ["DELETE"] = DeleteNamedAsync,
        }),
        new("/api/schemas/*/entities/*", new Dictionary<string, RestHandler>
        {
            ["GET"] = (request, _) => new(Read(request, request.Values[1])),
            ["PUT"] = UpdateAsync,
            ["DELETE"] = DeleteAsync,
        }),
    ];

    private RestAnswer List(RestRequest request) => new(new
    {
        type = request.Values[0],
        entities = entities.List(request.User, request.Values[0]).Select(entity => new { entity.Id, entity.Data }),
    });

    private RestAnswer Read(RestRequest request, string id) => entities.Find(request.User, request.Values[0], id) is { } entity
        ? new(new { entity.Id, entity.Type, entity.Data })
        : throw new RestException(404, "Entity not found");

    private async ValueTask<RestAnswer> CreateAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var body = await request.ReadBodyAsync(cancellationToken);
        var data = body.Object("data") ?? throw new RestException(400, "Must provide 'data' (object)");
        var created = await entities.CreateAsync(request.User, request.Values[0], data, cancellationToken);
        return RestAnswer.Created(new { status = "created", created.Id, created.Type });
    }

    private async ValueTask<RestAnswer> UpdateNamedAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var body = await request.ReadBodyAsync(cancellationToken);
        if ((body.Text("_id"), body.Object("data")) is not ({ } id, { } data))
            throw new RestException(400, "Must provide '_id' and 'data'");

        await UpdateAsync(request, id, data, cancellationToken);
        return new(new { status = "updated", _id = id, type = request.Values[0] });
    }

    private async ValueTask<RestAnswer> UpdateAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var body = await request.ReadBodyAsync(cancellationToken);
        var data = body.Object("data") ?? throw new RestException(400, "Must provide 'data' as an object");
        await UpdateAsync(request, request.Values[1], data, cancellationToken);
        return new(new { status = "updated", id = request.Values[1], type = request.Values[0] });
    }

    private async ValueTask<RestAnswer> DeleteNamedAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var id = request.Query("_id") ?? throw new RestException(400, "Query param '_id' is required");
        await DeleteAsync(request, id, cancellationToken);
        return new(new { status = "deleted", _id = id, type = request.Values[0] });
    }

    private async ValueTask<RestAnswer> DeleteAsync(RestRequest request, CancellationToken cancellationToken)
    {
        await DeleteAsync(request, request.Values[1], cancellationToken);
        return new(new { status = "deleted", id = request.Values[1], type = request.Values[0] });
    }

    private async Task UpdateAsync(RestRequest request, string id, JsonElement data, CancellationToken cancellationToken)
    {
        if (!await entities.UpdateAsync(request.User, request.Values[0], id, data, cancellationToken))
            throw new RestException(404, "Entity not found or not owned by user");
    }

    private async Task DeleteAsync(RestRequest request, string id, CancellationToken cancellationToken)
    {
        if (!await entities.DeleteAsync(request.User, request.Values[0], id, cancellationToken))
            throw new RestException(404, "Entity not found or not owned by user");
    }
}
