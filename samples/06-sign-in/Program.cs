// A client that signs in: it finds out by itself who issues tokens for a server, opens the browser in which a person lets it in, keeps what
// it gets, and asks for more where one call needs more.
//
// With the server of 05 running,
//
//   dotnet run --project samples/06-sign-in
//
// opens the browser, twice, and when the administrator has signed in and agreed there
//
// prints (... stands for what differs)
//
//   Connecting to http://localhost:3001/api/mcp
//   ...7 tools may be used: entities-list, entities-read, entities-create, entities-update, entities-delete, schemas-list, schemas-read
//   entities-create answered: {"entity":"..."}
//   entities-list answered: {"entities":[...{"id":"...","data":{"firstName":"Ada","lastName":"Lovelace"}}...],"nextCursor":null}
//   The next call needs leave to change schemas
//   ...schemas-create answered: {"schema":"..."}
//   10 tools may be used: ...
//
// A second run opens no browser: tokens are kept in a folder of this user's. Whoever is no administrator is not let in to the last tool.
// On a machine without a browser --paste reads the address at which one elsewhere ended up. Behind -- go --help and all other options.

using System.Runtime.InteropServices;
using OnlyMcp.Client.Authorization;
using SigningIn;

Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException fault)
{
    Console.Error.WriteLine($"{fault.Message} --help shows the options.");
    return 2;
}

if (options.WantsHelp)
{
    Console.WriteLine(Options.Help);
    return 0;
}

using var stop = new CancellationTokenSource();
using var byKey = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = true; // The client says good-bye first.
    stop.Cancel();
});
try
{
    await Visit.RunAsync(options, stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("Stopped");
    return 130;
}
catch (AuthorizationException fault)
{
    Console.Error.WriteLine($"Not allowed: {fault.Message}");
    return 3;
}
catch (Exception fault)
{
    Console.Error.WriteLine($"Failed: {fault.Message}");
    return 1;
}
