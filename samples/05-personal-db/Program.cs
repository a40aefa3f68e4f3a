// A personal database for people and their agents: REST, MCP, and the sign-in for both, in one process on one port.
//
//   dotnet run --project samples/05-personal-db
//
// prints (... stands for what differs)
//
//   Data is kept in ...
//   The administrator is admin; the password is ... and is told this once
//   Server running at http://localhost:3001
//
// and serves, until Ctrl+C, a page that says how to connect at /, the MCP endpoint at /api/mcp, users and their sign-in at /api/auth,
// schemas and entities at /api/schemas, permissions at /api/permissions, and its health at /health. The client of 06 signs in to it.
//
// What a user keeps, nobody else sees; what a user may do is asked in one place, whether the wish comes over REST or MCP. All is in one
// journal on disk before it is acknowledged: kill the process whenever you like. Behind -- go --help and all other options.
//
// There is no /api/chat: a route that passes anybody's words on to a language model, at the expense of whoever runs the server, has no
// place beside somebody's data. A model belongs on the client's side, which has its own key.

using PersonalDb;

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

return await Serving.RunAsync(options);
