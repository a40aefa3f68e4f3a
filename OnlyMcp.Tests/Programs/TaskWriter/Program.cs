// Opens the store of tasks in a folder, and says "open". Ends with code 1 and the reason if it cannot.
// With a second argument, that many writers then write each a task of its own, over and over and now and then a new one, and say
// "ID VERSION ." of each record that the store has taken, until the process is killed.
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Tasks;

try
{
    await using var store = new FileTaskStore(args[0]);
    Console.WriteLine("open");
    if (args.Length > 1)
        await Task.WhenAll(Enumerable.Range(0, int.Parse(args[1], null)).Select(_ => WriteAsync(store)));
    else
        Console.ReadLine();
    return 0;
}
catch (IOException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

static async Task WriteAsync(FileTaskStore store)
{
    while (true)
    {
        var task = New();
        await store.AddAsync(task);
        Tell(task);
        while (task.Version < 40)
        {
            task = task with { Version = task.Version + 1, StatusMessage = new string('x', (int)task.Version * 100) };
            if (!await store.TryReplaceAsync(task))
                throw new InvalidOperationException("Nobody else writes this task.");
            Tell(task);
        }
    }
}

static void Tell(StoredTask task) => Console.WriteLine($"{task.TaskId} {task.Version} .");

static StoredTask New() => new()
{
    TaskId = Guid.NewGuid().ToString("N"),
    Version = 1,
    Method = Methods.ToolsCall,
    Name = "count",
    Parameters = JsonDocument.Parse("""{"name":"count"}""").RootElement,
    ProtocolVersion = "2026-07-28",
    ClientCapabilities = new(),
    CreatedAt = DateTimeOffset.UtcNow,
    LastUpdatedAt = DateTimeOffset.UtcNow,
    TimeToLive = TimeSpan.FromHours(1),
};
