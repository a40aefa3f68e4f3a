using System.Globalization;
using OnlyMcp.LoadDriver.Clients;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.LoadDriver.Servers;

namespace OnlyMcp.LoadDriver;

internal static class CallersProbe
{
    public static async Task RunAsync(bool http, int rounds, int ms)
    {
        await using var server = http ? await ServerProcess.StartAsync(ServerPrograms.CannedHttp) : null;
        var address = server is null ? null : await server.ReceiveAsync();
        string[] names = http ? [ClientPrograms.RawHttp, ClientPrograms.OurHttp, ClientPrograms.SdkHttp] : [ClientPrograms.RawMemory, ClientPrograms.OurMemory, ClientPrograms.SdkMemory];
        if (Environment.GetEnvironmentVariable("ONLY") is { } only) names = [.. names.Where(n => n.Contains(only))];
        var clients = new List<ServerProcess>();
        foreach (var name in names)
        {
            var client = await ServerProcess.StartAsync(name);
            if (address is not null) await client.SendAsync(address);
            await client.ReceiveAsync();
            clients.Add(client);
        }
        int[] widths = [1, 32];
        var all = new Dictionary<(int, int), List<double[]>>();
        foreach (var w in widths) foreach (var c in clients) { await c.SendAsync($"{w} 2000"); await c.ReceiveAsync(); }
        for (var r = 0; r < rounds; r++)
            foreach (var w in widths)
            {
                var order = Enumerable.Range(0, clients.Count);
                foreach (var i in r % 2 == 0 ? order : order.Reverse())
                {
                    await clients[i].SendAsync($"{w} {ms}");
                    var f = (await clients[i].ReceiveAsync()).Split(' ').Select(x => double.Parse(x, CultureInfo.InvariantCulture)).ToArray();
                    if (!all.TryGetValue((w, i), out var list)) all[(w, i)] = list = [];
                    list.Add([f[0] / f[1] * 1e7 / 1000, f[2] / 10 / f[0], f[3] / f[0]]);
                }
            }
        foreach (var w in widths)
            for (var i = 0; i < names.Length; i++)
            {
                double Med(int k) => all[(w, i)].Select(x => x[k]).Order().ElementAt(rounds / 2);
                var ratios = all[(w, i)].Zip(all[(w, 0)], (a, b) => a[0] / b[0]).Order().ElementAt(rounds / 2);
                var ratioLast = all[(w, i)].Zip(all[(w, names.Length - 1)], (a, b) => a[0] / b[0]).Order().ElementAt(rounds / 2);
                Console.WriteLine($"{w,3} {names[i],-14} {Med(0),8:0.0} k/s  {Med(1),7:0.0} us  {Med(2),8:0} B   x{ratios:0.00} of first, x{ratioLast:0.00} of last");
            }
        foreach (var c in clients) await c.DisposeAsync();
    }
}
