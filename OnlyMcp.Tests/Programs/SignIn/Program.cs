// What takes a process of its own to try:
//   open URL          opens it in the person's browser, and waits to be visited: says "waiting", then "came" or "failed: WHY"
//   hold FOLDER       locks the tokens in a folder and says "locked", until it reads a line
//   renew FOLDER N    renews the tokens in a folder N times, as a client does with refresh tokens that are good for one use: what it
//                     presents is noted in a file; says "done"
//   write FOLDER      writes tokens as fast as it can and says "N ." of each that the store has taken, until it is killed
using System.Globalization;
using OnlyMcp.Client.Authorization;

var key = new TokenKey("https://login.example.com", "program", "https://mcp.example.com/mcp", "default");
switch (args[0])
{
    case "open":
        await OpenAsync(new Uri(args[1]));
        break;
    case "hold":
        await using (await new FileTokenStore(args[1]).LockAsync(key))
        {
            Console.WriteLine("locked");
            Console.ReadLine();
        }

        break;
    case "renew":
        for (var i = 0; i < int.Parse(args[2], CultureInfo.InvariantCulture); i++)
            await RenewAsync(new FileTokenStore(args[1]), Path.Combine(args[1], "presented"));
        Console.WriteLine("done");
        break;
    case "write":
        var store = new FileTokenStore(args[1]);
        for (var i = 1; ; i++)
        {
            await store.SaveAsync(Tokens(i));
            Console.WriteLine($"{i} .");
        }
}

static async Task OpenAsync(Uri address)
{
    var signIn = new BrowserSignIn(new() { Timeout = TimeSpan.FromSeconds(60) });
    await using var attempt = await signIn.BeginAsync();
    var url = new Uri($"{address}&redirect_uri={Uri.EscapeDataString(attempt.RedirectUri.AbsoluteUri)}");
    Console.WriteLine("waiting");
    try
    {
        await attempt.SignInAsync(url);
        Console.WriteLine("came");
    }
    catch (AuthorizationException fault)
    {
        Console.WriteLine($"failed: {fault.Message}");
    }
}

async Task RenewAsync(FileTokenStore store, string presented)
{
    await using var turn = await store.LockAsync(key);
    var tokens = (await store.FindAsync(key))!;
    await File.AppendAllTextAsync(presented, tokens.RefreshToken + "\n");
    await store.SaveAsync(Tokens(int.Parse(tokens.RefreshToken!, CultureInfo.InvariantCulture) + 1));
}

StoredTokens Tokens(int number) => new()
{
    Key = key,
    AccessToken = new string('x', number % 50 * 100),
    RefreshToken = number.ToString(CultureInfo.InvariantCulture),
};
