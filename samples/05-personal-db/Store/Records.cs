using System.Text.Json;
using System.Text.Json.Serialization;
using OnlyMcp.Protocol.JsonSchemas;
using PersonalDb.Accounts;

namespace PersonalDb.Store;

/// <summary>Something that is kept. A later one with the same kind and id takes the place of an earlier one.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(User), "user")]
[JsonDerivedType(typeof(Session), "session")]
[JsonDerivedType(typeof(EntitySchema), "schema")]
[JsonDerivedType(typeof(Entity), "entity")]
[JsonDerivedType(typeof(SessionEnd), "session-end")]
[JsonDerivedType(typeof(SchemaEnd), "schema-end")]
[JsonDerivedType(typeof(EntityEnd), "entity-end")]
internal abstract record Record;

/// <summary>Somebody who can sign in.</summary>
internal sealed record User : Record
{
    public required string Id { get; init; }

    /// <summary>Unique, whatever the case of its letters.</summary>
    public required string Name { get; init; }

    public required string PasswordHash { get; init; }

    public required Permissions Permissions { get; init; }

    /// <summary>Whether they may change the permissions of others.</summary>
    public bool IsAdministrator { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A sign-in that still holds.</summary>
/// <param name="Id">The hash of what its cookie says: who reads the store cannot sign in with it.</param>
internal sealed record Session(string Id, string UserId, DateTimeOffset ExpiresAt) : Record;

/// <summary>What the entities of a type have to look like. All users share it.</summary>
internal sealed record EntitySchema : Record
{
    private JsonSchema? compiled;

    public required string Id { get; init; }

    public required string Type { get; init; }

    public required JsonElement Schema { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Reads the schema once: a changed one is another record.</summary>
    public JsonSchema Compile() => compiled ??= JsonSchema.Parse(Schema);
}

/// <summary>What a user keeps.</summary>
internal sealed record Entity : Record
{
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public required string Type { get; init; }

    public required JsonElement Data { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A session is over.</summary>
internal sealed record SessionEnd(string Id) : Record;

/// <summary>A schema is gone.</summary>
internal sealed record SchemaEnd(string Type) : Record;

/// <summary>An entity is gone.</summary>
internal sealed record EntityEnd(string Owner, string Id) : Record;
