using PersonalDb.Store;

namespace PersonalDb.OAuth;

/// <summary>What a person can let a program do. A program may do no more than that, and no more than the person may.</summary>
internal static class Scopes
{
    public const string EntitiesRead = "entities:read";
    public const string EntitiesWrite = "entities:write";
    public const string SchemasRead = "schemas:read";
    public const string SchemasWrite = "schemas:write";

    /// <summary>In the words of the page on which the person agrees.</summary>
    public static IReadOnlyDictionary<string, string> InWords { get; } = new Dictionary<string, string>
    {
        [EntitiesRead] = "Read your entities",
        [EntitiesWrite] = "Create, change and delete your entities",
        [SchemasRead] = "Read the schemas",
        [SchemasWrite] = "Create, change and delete schemas, which all users share",
    };

    /// <summary>What programs are told to begin with. Who wants to change schemas asks again when it comes to that.</summary>
    public static IReadOnlyList<string> Usual { get; } = [EntitiesRead, EntitiesWrite, SchemasRead];

    /// <summary>What a user has to give.</summary>
    public static IReadOnlyCollection<string> Of(User user)
    {
        var (entities, schemas) = (user.Permissions.Entities, user.Permissions.Schemas);
        (string Scope, bool IsHis)[] all =
        [
            (EntitiesRead, entities.Read),
            (EntitiesWrite, entities.Create || entities.Update || entities.Delete),
            (SchemasRead, schemas.Read),
            (SchemasWrite, schemas.Create || schemas.Update || schemas.Delete),
        ];
        return [.. all.Where(each => each.IsHis).Select(each => each.Scope)];
    }
}
