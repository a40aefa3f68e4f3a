using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using PersonalDb.Accounts;
using PersonalDb.Data;
using PersonalDb.OAuth;

namespace PersonalDb.Mcp;

/// <summary>The schemas, which all users share, as tools.</summary>
internal sealed class SchemaTools(Schemas schemas, Users users)
{
    private const string Type = """ "schema_type": { "type": "string", "description": "Schema type" } """;
    private const string TypeAlone = $$"""{ "type": "object", "properties": { {{Type}} }, "required": ["schema_type"] }""";

    private const string TypeAndSchema =
        $$"""
        {
          "type": "object",
          "properties": { {{Type}}, "schema_obj": { "type": "object", "description": "Schema object" } },
          "required": ["schema_type", "schema_obj"]
        }
        """;

    public void AddTo(McpServer server)
    {
        server.Add(List, Scopes.SchemasRead, ListAsync);
        server.Add(Read, Scopes.SchemasRead, ReadAsync);
        server.Add(Create, Scopes.SchemasWrite, CreateAsync);
        server.Add(Update, Scopes.SchemasWrite, UpdateAsync);
        server.Add(Delete, Scopes.SchemasWrite, DeleteAsync);
    }

    private static Tool List { get; } = ToolDefinition.Of(
        "schemas-list",
        "List schemas and different entity types in the Personal DB. "
        + "Example: Simply call this function with no parameters to list all available schemas.",
        """{ "type": "object", "properties": {} }""",
        """
        {
          "type": "object",
          "properties": {
            "schemas": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": { "type": { "type": "string" }, "schema": { "type": "object" } },
                "required": ["type", "schema"]
              }
            },
            "nextCursor": { "type": ["string", "null"] }
          },
          "required": ["schemas", "nextCursor"]
        }
        """,
        ToolDefinition.Reads);

    private static Tool Read { get; } = ToolDefinition.Of(
        "schemas-read",
        "Read a schema by schema_type in the Personal DB. "
        + """Example: Call with { "schema_type": "Person" } to retrieve the schema for Person entities.""",
        TypeAlone,
        """
        {
          "type": "object",
          "properties": { "schema": { "type": ["object", "null"], "description": "Null if there is none" } },
          "required": ["schema"]
        }
        """,
        ToolDefinition.Reads);

    private static Tool Create { get; } = ToolDefinition.Of(
        "schemas-create",
        "Create a new schema in the Personal DB. "
        + """Example: Call with { "schema_type": "Person", "schema_obj": { "fields": { "name": "string", "age": "number" } } } """
        + "to create a new Person schema.",
        TypeAndSchema,
        """
        { "type": "object", "properties": { "schema": { "type": "string", "description": "The new schema's id" } }, "required": ["schema"] }
        """,
        ToolDefinition.Adds);

    private static Tool Update { get; } = ToolDefinition.Of(
        "schemas-update",
        "Update an existing schema in the Personal DB. "
        + """Example: Call with { "schema_type": "Person", "schema_obj": """
        + """{ "fields": { "name": "string", "age": "number", "email": "string" } } } """
        + "to update the Person schema with a new email field.",
        TypeAndSchema,
        """
        {
          "type": "object",
          "properties": { "schema": { "type": "boolean", "description": "False if there is none" } },
          "required": ["schema"]
        }
        """,
        ToolDefinition.Replaces);

    private static Tool Delete { get; } = ToolDefinition.Of(
        "schemas-delete",
        """Delete a schema in the Personal DB. Example: Call with { "schema_type": "Person" } to delete the Person schema.""",
        TypeAlone,
        """
        {
          "type": "object",
          "properties": { "success": { "type": "boolean", "description": "False if there is none" } },
          "required": ["success"]
        }
        """,
        ToolDefinition.Deletes);

    private ValueTask<object> ListAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken) => new(new
    {
        schemas = schemas.List(users.Of(context.Principal)).Select(schema => new { schema.Type, schema.Schema }),
        nextCursor = (string?)null,
    });

    private ValueTask<object> ReadAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken) =>
        new(new { schema = schemas.Find(users.Of(context.Principal), TypeIn(arguments))?.Schema });

    private async ValueTask<object> CreateAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken)
    {
        var created = await schemas.CreateAsync(
            users.Of(context.Principal), TypeIn(arguments), arguments.GetProperty("schema_obj"), cancellationToken);
        return new { schema = created.Id };
    }

    private async ValueTask<object> UpdateAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken) => new
    {
        schema = await schemas.UpdateAsync(
            users.Of(context.Principal), TypeIn(arguments), arguments.GetProperty("schema_obj"), cancellationToken),
    };

    private async ValueTask<object> DeleteAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken) =>
        new { success = await schemas.DeleteAsync(users.Of(context.Principal), TypeIn(arguments), cancellationToken) };

    private static string TypeIn(JsonElement arguments) => arguments.GetProperty("schema_type").GetString()!;
}
