namespace PersonalDb.Accounts;

/// <summary>What a user may do with one kind of thing.</summary>
internal sealed record Rights(bool Create, bool Read, bool Update, bool Delete)
{
    public static Rights All { get; } = new(true, true, true, true);

    public static Rights ReadAlone { get; } = new(false, true, false, false);
}

/// <summary>What a user may do. The store asks it before each thing it does, whichever way the wish came.</summary>
internal sealed record Permissions(Rights Entities, Rights Schemas)
{
    /// <summary>What whoever registers gets: everything with entities of their own, but nothing that changes the schemas of all.</summary>
    public static Permissions Default { get; } = new(Rights.All, Rights.ReadAlone);

    public static Permissions All { get; } = new(Rights.All, Rights.All);

    /// <exception cref="RefusedException">It is not allowed.</exception>
    public static void Require(bool allowed, string what)
    {
        if (!allowed)
            throw new RefusedException(Refusal.NotAllowed, $"You are not allowed to {what}; an administrator can change that");
    }
}
