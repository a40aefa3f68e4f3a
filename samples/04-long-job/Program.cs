// A job of half a minute that nobody has to wait for. It tells how far it has come, asks something in the middle, can be cancelled, and
// goes on when its client, or its server, is killed and started again: a task, in both eras.
//
// With the server running,
//
//   dotnet run --project samples/04-long-job -- serve
//
// the client,
//
//   dotnet run --project samples/04-long-job
//
// prints (... stands for what differs or is long)
//
//   Connected to http://localhost:3001/mcp, which speaks 2026-07-28
//   The job has begun; its handle is in ...
//   scene ... of 10 is drawn
//   ...
//   http://localhost:3001/mcp asks: Half of the film is drawn. How shall the other half look?
//   look: Colour or Grey, and Enter; Enter alone says no
//   ...
//   The film has 10 scenes, and ends in Colour.
//
// if Colour was typed. Stop it with Ctrl+C, or kill it, and start it again: it comes back to the job. --cancel ends the job. Kill the
// server and start it again: no scene is drawn twice. --era legacy does all that in 2025-11-25; behind -- go --help and all other options.

using System.Text;
using LongJob;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
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

if (options.Serves)
    return await Serving.RunAsync(options);

using var client = new Following(options);
return await client.RunAsync();
