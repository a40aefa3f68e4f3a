// Opens the store of an authorization server in a folder, and says "open".
// "FOLDER count NUMBER": adds one to a shared counter so often, by compare-and-swap, and ends.
// "FOLDER write WRITERS": that many writers each write an entry of their own, over and over, and say "KEY VERSION ." of each version that
// the store has taken, until the process is killed.
using System.Text.Json;
using OnlyMcp.Server.AuthorizationServers;

using var store = new FileAuthorizationStore(args[0]);
Console.WriteLine("open");
var number = int.Parse(args[2], null);
if (args[1] == "count")
    await CountAsync(store, number);
else
    await Task.WhenAll(Enumerable.Range(0, number).Select(_ => WriteAsync(store)));

static async Task CountAsync(FileAuthorizationStore store, int times)
{
    for (var done = 0; done < times;)
    {
        var before = await store.FindAsync("counter", "shared");
        var next = new StoredEntry { Version = 1, Kind = "counter", Key = "shared", Value = Json($"{(before?.Value.GetInt32() ?? 0) + 1}") };
        if (await store.TryWriteAsync(next, before?.Version))
            done++;
    }
}

static async Task WriteAsync(FileAuthorizationStore store)
{
    while (true)
    {
        var key = Guid.NewGuid().ToString();
        for (var version = 0L; version < 40; version++)
        {
            var entry = new StoredEntry { Version = 1, Kind = "token", Key = key, Value = Json($"\"{new string('x', (int)version * 100)}\"") };
            if (!await store.TryWriteAsync(entry, version == 0 ? null : version))
                throw new InvalidOperationException("Nobody else writes this entry.");
            Console.WriteLine($"{key} {version + 1} .");
        }
    }
}

static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
