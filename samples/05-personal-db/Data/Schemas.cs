using System.Text.Json;
using OnlyMcp.Protocol.JsonSchemas;
using PersonalDb.Accounts;
using PersonalDb.Store;

namespace PersonalDb.Data;

/// <summary>What entities have to look like, a JSON Schema for each type; all users share them.</summary>
internal sealed class Schemas(Database database)
{
    private static readonly EntitySchema Person = New("Person", JsonElement.Parse(
        """
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "title": "Person",
          "type": "object",
          "properties": {
            "firstName": { "type": "string", "description": "The person's first name." },
            "lastName": { "type": "string", "description": "The person's last name." },
            "email": { "type": "string", "description": "The person's email address.", "format": "email" }
          },
          "required": ["firstName", "lastName"],
          "additionalProperties": false
        }
        """));

    /// <summary>Gives a new store the schema that everybody needs first.</summary>
    public Task AddFirstAsync() => database.ChangeAsync(
        (now, change) =>
        {
            change.Add(Person);
            return now;
        },
        CancellationToken.None);

    /// <summary>All schemas, the oldest first.</summary>
    public IReadOnlyList<EntitySchema> List(User user)
    {
        Permissions.Require(user.Permissions.Schemas.Read, "read schemas");
        return [.. database.Now.Schemas.Values.OrderBy(schema => schema.CreatedAt).ThenBy(schema => schema.Type, StringComparer.Ordinal)];
    }

    public EntitySchema? Find(User user, string type)
    {
        Permissions.Require(user.Permissions.Schemas.Read, "read schemas");
        return database.Now.Schemas.GetValueOrDefault(type);
    }

    public Task<EntitySchema> CreateAsync(User user, string type, JsonElement schema, CancellationToken cancellationToken)
    {
        Permissions.Require(user.Permissions.Schemas.Create, "create schemas");
        var created = Checked(New(type, schema.Clone()));
        return database.ChangeAsync(
            (now, change) =>
            {
                if (now.Schemas.ContainsKey(type))
                    throw new RefusedException(Refusal.Invalid, $"Schema for type '{type}' already exists");
                if (now.Schemas.Count >= Limits.Schemas)
                    throw new RefusedException(Refusal.Full, $"There are {Limits.Schemas} schemas already");

                change.Add(created);
                return created;
            },
            cancellationToken);
    }

    /// <summary>Changes a schema; false if there is none of that type. Entities that are there stay as they are.</summary>
    public Task<bool> UpdateAsync(User user, string type, JsonElement schema, CancellationToken cancellationToken)
    {
        Permissions.Require(user.Permissions.Schemas.Update, "update schemas");
        var updated = Checked(New(type, schema.Clone()));
        return database.ChangeAsync(
            (now, change) =>
            {
                if (now.Schemas.GetValueOrDefault(type) is not { } before)
                    return false;

                change.Add(updated with { Id = before.Id, CreatedAt = before.CreatedAt });
                return true;
            },
            cancellationToken);
    }

    /// <summary>Removes a schema; false if there is none of that type. Entities of the type can still be read and removed.</summary>
    public Task<bool> DeleteAsync(User user, string type, CancellationToken cancellationToken)
    {
        Permissions.Require(user.Permissions.Schemas.Delete, "delete schemas");
        return database.ChangeAsync(
            (now, change) =>
            {
                if (!now.Schemas.ContainsKey(type))
                    return false;

                change.Add(new SchemaEnd(type));
                return true;
            },
            cancellationToken);
    }

    /// <summary>It is a part of addresses.</summary>
    private static void CheckType(string type)
    {
        if (type.Length is 0 or > Limits.NameLetters || !type.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-'))
            throw new RefusedException(Refusal.Invalid, $"A type's name has from 1 to {Limits.NameLetters} letters, digits, '_' and '-'");
    }

    private static EntitySchema New(string type, JsonElement schema) =>
        new() { Id = Guid.NewGuid().ToString(), Type = type, Schema = schema, CreatedAt = DateTimeOffset.UtcNow };

    /// <exception cref="RefusedException">The type's name or the schema will not do; the message says why.</exception>
    private static EntitySchema Checked(EntitySchema schema)
    {
        CheckType(schema.Type);
        Json.Check(schema.Schema, "schema", Limits.SchemaBytes);
        try
        {
            schema.Compile();
            return schema;
        }
        catch (JsonSchemaException fault)
        {
            throw new RefusedException(Refusal.Invalid, $"Invalid JSON Schema: {fault.Message}");
        }
    }
}
