using System.Text.Json;
using PersonalDb.Accounts;
using PersonalDb.Store;

namespace PersonalDb.Data;

/// <summary>What users keep. Each sees their own alone.</summary>
internal sealed class Entities(Database database)
{
    /// <summary>A user's entities, of one type or of all, the oldest first.</summary>
    public IReadOnlyList<Entity> List(User user, string? type)
    {
        Permissions.Require(user.Permissions.Entities.Read, "read entities");
        return
        [
            .. database.Now.ShelfOf(user).Entities.Values
                .Where(entity => type is null || entity.Type == type)
                .OrderBy(entity => entity.CreatedAt).ThenBy(entity => entity.Id, StringComparer.Ordinal),
        ];
    }

    public Entity? Find(User user, string type, string id)
    {
        Permissions.Require(user.Permissions.Entities.Read, "read entities");
        return database.Now.ShelfOf(user).Find(type, id);
    }

    public Task<Entity> CreateAsync(User user, string type, JsonElement data, CancellationToken cancellationToken)
    {
        Permissions.Require(user.Permissions.Entities.Create, "create entities");
        var created = new Entity
        {
            Id = Guid.NewGuid().ToString(),
            Owner = user.Id,
            Type = type,
            Data = data.Clone(),
            CreatedAt = DateTimeOffset.UtcNow,
        };
        return database.ChangeAsync(
            (now, change) =>
            {
                Keep(now, user, created, change);
                return created;
            },
            cancellationToken);
    }

    /// <summary>Puts other data into the place of an entity's; false if the user has no such entity.</summary>
    public Task<bool> UpdateAsync(User user, string type, string id, JsonElement data, CancellationToken cancellationToken)
    {
        Permissions.Require(user.Permissions.Entities.Update, "update entities");
        var changed = data.Clone();
        return database.ChangeAsync(
            (now, change) =>
            {
                if (now.ShelfOf(user).Find(type, id) is not { } entity)
                    return false;

                Keep(now, user, entity with { Data = changed }, change);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Removes an entity; false if the user has no such entity.</summary>
    public Task<bool> DeleteAsync(User user, string type, string id, CancellationToken cancellationToken)
    {
        Permissions.Require(user.Permissions.Entities.Delete, "delete entities");
        return database.ChangeAsync(
            (now, change) =>
            {
                if (now.ShelfOf(user).Find(type, id) is null)
                    return false;

                change.Add(new EntityEnd(user.Id, id));
                return true;
            },
            cancellationToken);
    }

    /// <exception cref="RefusedException">It does not fit its schema, or there is no room for it; the message says why.</exception>
    private static void Keep(State now, User user, Entity entity, List<Record> change)
    {
        Json.Check(entity.Data, "data", Limits.EntityBytes);
        if (now.Schemas.GetValueOrDefault(entity.Type) is not { } schema)
            throw new RefusedException(Refusal.Invalid, $"No schema found for type '{entity.Type}'");
        if (schema.Compile().Validate(entity.Data) is [_, ..] errors)
        {
            throw new RefusedException(
                Refusal.Invalid, $"The data does not fit the schema of '{entity.Type}': {string.Join("; ", errors)}");
        }

        var shelf = now.ShelfOf(user).With(entity);
        if (shelf.Entities.Count > Limits.EntitiesOfUser || shelf.Bytes > Limits.BytesOfUser)
        {
            throw new RefusedException(
                Refusal.Full, $"You have {Limits.EntitiesOfUser} entities, or {Limits.BytesOfUser} bytes: delete some first");
        }

        if (now.Bytes + Json.SizeOf(entity.Data) > Limits.Bytes)
            throw new RefusedException(Refusal.Full, "The store is full");
        change.Add(entity);
    }
}
