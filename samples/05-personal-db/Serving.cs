using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OnlyMcp.Server;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Server.Http;
using PersonalDb.Accounts;
using PersonalDb.Data;
using PersonalDb.Mcp;
using PersonalDb.OAuth;
using PersonalDb.Pages;
using PersonalDb.Rest;
using PersonalDb.Store;

namespace PersonalDb;

/// <summary>Puts the parts together and serves them, until Ctrl+C.</summary>
internal static class Serving
{
    public static async Task<int> RunAsync(Options options)
    {
        try
        {
            using var log = new ConsoleLog();
            using var database = new Database(options.DataFolder);
            using var agreements = new FileAuthorizationStore(
                Path.Combine(options.DataFolder, "authorization"), logger: log.CreateLogger<FileAuthorizationStore>());
            Console.WriteLine($"Data is kept in {Path.GetFullPath(options.DataFolder)}");
            await PrepareAsync(database, options);
            await ServeAsync(database, agreements, options, log);
            return 0;
        }
        catch (IOException fault)
        {
            Console.Error.WriteLine($"{fault.Message.TrimEnd('.')}. --port takes another port, --data another folder.");
        }
        catch (RefusedException refused)
        {
            Console.Error.WriteLine($"The administrator cannot be made: {refused.Message}. See --admin and {Options.PasswordVariable}.");
        }

        return 1;
    }

    private static async Task ServeAsync(Database database, FileAuthorizationStore agreements, Options options, ConsoleLog log)
    {
        var users = new Users(database);
        var sessions = new Sessions(database);
        var entities = new Entities(database);
        var schemas = new Schemas(database);
        var signedIn = new SignedIn(sessions, options.PublicUrl);

        var server = new McpServer("personal-db", "1.0.0", new McpServerOptions
        {
            Title = "Personal DB",
            Instructions = "Read the schema of a type before you create or update entities of it.",
            LoggerFactory = log,
        });
        new EntityTools(entities, users).AddTo(server);
        new SchemaTools(schemas, users).AddTo(server);
        Access.Guard(server, users, signedIn, agreements, log);

        var rest = new RestApi(
            [
                .. new AuthRoutes(users, sessions).Routes,
                .. new PermissionRoutes(users).Routes,
                .. new SchemaRoutes(schemas).Routes,
                .. new EntityRoutes(entities).Routes,
            ],
            signedIn);
        await ListenAsync(server, rest, options);
    }

    /// <summary>Serves the MCP endpoint with what authorization needs, then REST, then the page; until Ctrl+C.</summary>
    private static async Task ListenAsync(McpServer server, RestApi rest, Options options)
    {
        McpHttpHost host = null!;
        var page = new StartPage(() => options.PublicUrl ?? host.Address);
        host = new McpHttpHost(server, $"http://localhost:{options.Port}/", new McpHttpOptions
        {
            Path = "/api/mcp",
            ServeHttpSse = false,
            PublicBaseAddress = options.PublicUrl,
            AllowedHosts = options.PublicUrl is { } url ? [url.Authority] : [],
        })
        {
            OtherPaths = async (http, cancellationToken) =>
                await rest.HandleAsync(http, cancellationToken) || await page.HandleAsync(http, cancellationToken),
        };
        await using (host)
        {
            await host.StartAsync();
            var end = EndIsAskedForAsync(); // From here on: whoever reads the next line may press Ctrl+C at once.
            Console.WriteLine($"Server running at {host.Address.AbsoluteUri.TrimEnd('/')}");
            await end;
            Console.WriteLine("Server shutting down...");
        }
    }

    /// <summary>A new store gets the schema that everybody needs first; any store gets its administrator.</summary>
    private static async Task PrepareAsync(Database database, Options options)
    {
        if (database.IsNew)
            await new Schemas(database).AddFirstAsync();

        var users = new Users(database);
        if (users.Named(options.Administrator) is { } known)
        {
            Console.WriteLine(known.IsAdministrator
                ? $"{known.Name} is the administrator, with the password that was set first"
                : $"{known.Name} is a user already, and no administrator");
            return;
        }

        var password = options.Password ?? RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 16);
        await users.RegisterAsync(options.Administrator, password, isAdministrator: true, CancellationToken.None);
        Console.WriteLine(options.Password is null
            ? $"The administrator is {options.Administrator}; the password is {password} and is told this once"
            : $"The administrator is {options.Administrator}, with the password from {Options.PasswordVariable}");
    }

    private static async Task EndIsAskedForAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var byKey = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var bySystem = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        await asked.Task;

        void Ask(PosixSignalContext signal)
        {
            signal.Cancel = true; // The process ends when the requests in flight have.
            asked.TrySetResult();
        }
    }
}
