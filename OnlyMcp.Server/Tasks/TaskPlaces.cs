namespace OnlyMcp.Server.Tasks;

/// <summary>Where the tasks of one owner stand in their list, oldest first, and how much room they take.</summary>
internal sealed class TaskPlaces
{
    private static readonly Comparer<TaskPlace> OldestFirst = Comparer<TaskPlace>.Create(Compare);

    private readonly SortedSet<TaskPlace> places = new(OldestFirst);

    public int Count => places.Count;

    /// <summary>How many bytes they take.</summary>
    public long Bytes { get; set; }

    public void Add(TaskPlace place) => places.Add(place);

    public void Remove(TaskPlace place) => places.Remove(place);

    /// <summary>Those that come after a place; null for all.</summary>
    public IEnumerable<TaskPlace> After(TaskPlace? after) => after switch
    {
        null => places,
        { } place when places.Count == 0 || Compare(places.Max, place) <= 0 => [],
        { } place => places.GetViewBetween(place, places.Max).SkipWhile(next => next == place),
    };

    private static int Compare(TaskPlace one, TaskPlace other)
    {
        var byTime = one.CreatedAt.CompareTo(other.CreatedAt);
        return byTime != 0 ? byTime : string.CompareOrdinal(one.TaskId, other.TaskId);
    }
}
