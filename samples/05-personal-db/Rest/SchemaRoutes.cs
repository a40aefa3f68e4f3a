using System.Text.Json;
using PersonalDb.Data;

namespace PersonalDb.Rest;

/// <summary>Schemas over REST: each under its own address, or named in the query or the body.</summary>
internal sealed class SchemaRoutes(Schemas schemas)
{
    public IEnumerable<RestRoute> Routes =>
    [
        new("/api/schemas", new Dictionary<string, RestHandler>
        {
            ["GET"] = (request, _) => new(request.Query("type") is { } type ? Read(request, type) : List(request)),
            ["POST"] = CreateAsync,
            ["PUT"] = UpdateNamedAsync,
            ["DELETE"] = DeleteNamedAsync,
        }),
        new("/api/schemas/*", new Dictionary<string, RestHandler>
        {
            ["GET"] = (request, _) => new(Read(request, request.Values[0])),
            ["PUT"] = UpdateAsync,
            ["DELETE"] = DeleteAsync,
        }),
    ];

    private RestAnswer List(RestRequest request) =>
        new(new { schemas = schemas.List(request.User).Select(schema => new { schema.Type, schema.Schema }) });

    private RestAnswer Read(RestRequest request, string type) =>
        schemas.Find(request.User, type) is { } schema ? new(new { schema.Type, schema.Schema }) : throw NotFound(type);

    private async ValueTask<RestAnswer> CreateAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var (type, schema) = await ReadNamedAsync(request, cancellationToken);
        var created = await schemas.CreateAsync(request.User, type, schema, cancellationToken);
        return RestAnswer.Created(new { status = "created", schema_type = type, created.Id });
    }

    private async ValueTask<RestAnswer> UpdateNamedAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var (type, schema) = await ReadNamedAsync(request, cancellationToken);
        await UpdateAsync(request, type, schema, cancellationToken);
        return new(new { status = "updated", schema_type = type });
    }

    private async ValueTask<RestAnswer> UpdateAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var body = await request.ReadBodyAsync(cancellationToken);
        var schema = body.Object("schema") ?? throw new RestException(400, "Must provide 'schema' as an object");
        await UpdateAsync(request, request.Values[0], schema, cancellationToken);
        return new(new { status = "updated", type = request.Values[0] });
    }

    private async ValueTask<RestAnswer> DeleteNamedAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var type = request.Query("type") ?? throw new RestException(400, "Query param 'type' is required");
        await DeleteAsync(request, type, cancellationToken);
        return new(new { status = "deleted", schema_type = type });
    }

    private async ValueTask<RestAnswer> DeleteAsync(RestRequest request, CancellationToken cancellationToken)
    {
        await DeleteAsync(request, request.Values[0], cancellationToken);
        return new(new { status = "deleted", type = request.Values[0] });
    }

    private async Task UpdateAsync(RestRequest request, string type, JsonElement schema, CancellationToken cancellationToken)
    {
        if (!await schemas.UpdateAsync(request.User, type, schema, cancellationToken))
            throw NotFound(type);
    }

    private async Task DeleteAsync(RestRequest request, string type, CancellationToken cancellationToken)
    {
        if (!await schemas.DeleteAsync(request.User, type, cancellationToken))
            throw NotFound(type);
    }

    private static async Task<(string Type, JsonElement Schema)> ReadNamedAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var body = await request.ReadBodyAsync(cancellationToken);
        return (body.Text("type"), body.Object("schema")) is ({ } type, { } schema)
            ? (type, schema)
            : throw new RestException(400, "Must provide 'type' (string) and 'schema' (object)");
    }

    private static RestException NotFound(string type) => new(404, $"Schema '{type}' not found");
}
