using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using PersonalDb.Accounts;
using PersonalDb.Data;
using PersonalDb.OAuth;

namespace PersonalDb.Mcp;

/// <summary>A user's entities as tools.</summary>
internal sealed class EntityTools(Entities entities, Users users)
{
    private const string Type = """ "entity_type": { "type": "string", "description": "Entity type" } """;
    private const string Id = """ "id": { "type": "string", "description": "Entity id" } """;

    public void AddTo(McpServer server)
    {
        server.Add(List, Scopes.EntitiesRead, ListAsync);
        server.Add(Read, Scopes.EntitiesRead, ReadAsync);
        server.Add(Create, Scopes.EntitiesWrite, CreateAsync);
        server.Add(Update, Scopes.EntitiesWrite, UpdateAsync);
        server.Add(Delete, Scopes.EntitiesWrite, DeleteAsync);
    }

    private static Tool List { get; } = ToolDefinition.Of(
        "entities-list",
        "List entities in the Personal DB, optionally filtering by entity type (e.g. Person). "
        + """Example: Call with { "entity_type": "Person" } to list all persons.""",
        """{ "type": "object", "properties": { "entity_type": { "type": "string", "description": "Optional entity type filter" } } }""",
        """
        {
          "type": "object",
          "properties": {
            "entities": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": { "id": { "type": "string" }, "type": { "type": "string" }, "data": { "type": "object" } },
                "required": ["id", "data"]
              }
            },
            "nextCursor": { "type": ["string", "null"] }
          },
          "required": ["entities", "nextCursor"]
        }
        """,
        ToolDefinition.Reads);

    private static Tool Read { get; } = ToolDefinition.Of(
        "entities-read",
        "Read entity details by entity_type and id in the Personal DB. "
        + """Example: Call with { "entity_type": "Person", "id": "abc" } to retrieve a specific person entity.""",
        $$"""{ "type": "object", "properties": { {{Type}}, {{Id}} }, "required": ["entity_type", "id"] }""",
        """
        {
          "type": "object",
          "properties": { "entity": { "type": ["object", "null"], "description": "Null if there is none" } },
          "required": ["entity"]
        }
        """,
        ToolDefinition.Reads);

    private static Tool Create { get; } = ToolDefinition.Of(
        "entities-create",
        "Create an entity with provided attributes in the Personal DB. "
        + """Example: Call with { "entity_type": "Person", "attributes": { "name": "John Doe", "age": 30 } } """
        + "to create a new person entity.",
        $$"""
        {
          "type": "object",
          "properties": { {{Type}}, "attributes": { "type": "object", "description": "Attributes for the entity" } },
          "required": ["entity_type", "attributes"]
        }
        """,
        """
        { "type": "object", "properties": { "entity": { "type": "string", "description": "The new entity's id" } }, "required": ["entity"] }
        """,
        ToolDefinition.Adds);

    private static Tool Update { get; } = ToolDefinition.Of(
        "entities-update",
        "Update an entity with new attributes in the Personal DB. "
        + """Example: Call with { "id": "abc", "entity_type": "Person", "attributes": { "age": 31 } } """
        + "to update the age of a person entity.",
        $$"""
        {
          "type": "object",
          "properties": { {{Id}}, {{Type}}, "attributes": { "type": "object", "description": "New attributes for the entity" } },
          "required": ["id", "entity_type", "attributes"]
        }
        """,
        """
        {
          "type": "object",
          "properties": { "entity": { "type": "boolean", "description": "False if there is none" } },
          "required": ["entity"]
        }
        """,
        ToolDefinition.Replaces);

    private static Tool Delete { get; } = ToolDefinition.Of(
        "entities-delete",
        "Delete an entity by entity_type and id in the Personal DB. "
        + """Example: Call with { "entity_type": "Person", "id": "abc" } to delete a specific person entity.""",
        $$"""{ "type": "object", "properties": { {{Type}}, {{Id}} }, "required": ["entity_type", "id"] }""",
        """
        {
          "type": "object",
          "properties": { "success": { "type": "boolean", "description": "False if there is none" } },
          "required": ["success"]
        }
        """,
        ToolDefinition.Deletes);

    private ValueTask<object> ListAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken)
    {
        // Without a type the entities are of several, and who wants to read one has to name its own.
        var user = users.Of(context.Principal);
        object found = arguments.TryGetProperty("entity_type", out var type)
            ? entities.List(user, type.GetString()).Select(entity => new { entity.Id, entity.Data })
            : entities.List(user, null).Select(entity => new { entity.Id, entity.Type, entity.Data });
        return new(new { entities = found, nextCursor = (string?)null });
    }

    private ValueTask<object> ReadAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken) =>
        new(new { entity = entities.Find(users.Of(context.Principal), TypeIn(arguments), IdIn(arguments))?.Data });

    private async ValueTask<object> CreateAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken)
    {
        var created = await entities.CreateAsync(
            users.Of(context.Principal), TypeIn(arguments), arguments.GetProperty("attributes"), cancellationToken);
        return new { entity = created.Id };
    }

    private async ValueTask<object> UpdateAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken) => new
    {
        entity = await entities.UpdateAsync(
            users.Of(context.Principal), TypeIn(arguments), IdIn(arguments), arguments.GetProperty("attributes"), cancellationToken),
    };

    private async ValueTask<object> DeleteAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken) => new
    {
        success = await entities.DeleteAsync(users.Of(context.Principal), TypeIn(arguments), IdIn(arguments), cancellationToken),
    };

    private static string TypeIn(JsonElement arguments) => arguments.GetProperty("entity_type").GetString()!;

    private static string IdIn(JsonElement arguments) => arguments.GetProperty("id").GetString()!;
}
