using System.Collections.Immutable;

namespace PersonalDb.Store;

/// <summary>All that is kept, at one moment: it does not change, so that readers need no lock.</summary>
internal sealed record State
{
    public static State Empty { get; } = new();

    public ImmutableDictionary<string, User> Users { get; private init; } = ImmutableDictionary<string, User>.Empty;

    public ImmutableDictionary<string, Session> Sessions { get; private init; } = ImmutableDictionary<string, Session>.Empty;

    public ImmutableDictionary<string, EntitySchema> Schemas { get; private init; } = ImmutableDictionary<string, EntitySchema>.Empty;

    /// <summary>What all entities take together.</summary>
    public long Bytes { get; private init; }

    private ImmutableDictionary<string, string> UserIds { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    // By owner first: nobody finds what is another's, because nobody looks there.
    private ImmutableDictionary<string, Shelf> Shelves { get; init; } = ImmutableDictionary<string, Shelf>.Empty;

    public User? UserNamed(string name) => UserIds.TryGetValue(name, out var id) ? Users[id] : null;

    /// <summary>The entities of one user.</summary>
    public Shelf ShelfOf(User owner) => Shelves.GetValueOrDefault(owner.Id, Shelf.Empty);

    /// <summary>The state after a change.</summary>
    public State With(Record record) => record switch
    {
        User user => this with { Users = Users.SetItem(user.Id, user), UserIds = UserIds.SetItem(user.Name, user.Id) },
        Session session => this with { Sessions = Sessions.SetItem(session.Id, session) },
        SessionEnd end => this with { Sessions = Sessions.Remove(end.Id) },
        EntitySchema schema => this with { Schemas = Schemas.SetItem(schema.Type, schema) },
        SchemaEnd end => this with { Schemas = Schemas.Remove(end.Type) },
        Entity entity => WithShelf(entity.Owner, shelf => shelf.With(entity)),
        EntityEnd end => WithShelf(end.Owner, shelf => shelf.Without(end.Id)),
        _ => throw new InvalidOperationException($"A {record.GetType().Name} cannot be kept."),
    };

    /// <summary>What has to be kept to have this state again.</summary>
    public IEnumerable<Record> Records(DateTimeOffset now) =>
    [
        .. Users.Values,
        .. Sessions.Values.Where(session => session.ExpiresAt > now),
        .. Schemas.Values,
        .. Shelves.Values.SelectMany(shelf => shelf.Entities.Values),
    ];

    private State WithShelf(string owner, Func<Shelf, Shelf> change)
    {
        var before = Shelves.GetValueOrDefault(owner, Shelf.Empty);
        var after = change(before);
        return this with { Shelves = Shelves.SetItem(owner, after), Bytes = Bytes + after.Bytes - before.Bytes };
    }
}

/// <summary>The entities of one user.</summary>
/// <param name="Entities">By id.</param>
/// <param name="Bytes">What they take together.</param>
internal sealed record Shelf(ImmutableDictionary<string, Entity> Entities, long Bytes)
{
    public static Shelf Empty { get; } = new(ImmutableDictionary<string, Entity>.Empty, 0);

    public Entity? Find(string type, string id) => Entities.GetValueOrDefault(id) is { } entity && entity.Type == type ? entity : null;

    public Shelf With(Entity entity) => new(Entities.SetItem(entity.Id, entity), Bytes + Json.SizeOf(entity.Data) - SizeOf(entity.Id));

    public Shelf Without(string id) => new(Entities.Remove(id), Bytes - SizeOf(id));

    private int SizeOf(string id) => Entities.GetValueOrDefault(id) is { } entity ? Json.SizeOf(entity.Data) : 0;
}
