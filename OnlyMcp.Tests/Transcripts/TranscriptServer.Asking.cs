using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;

namespace OnlyMcp.Tests.Transcripts;

/// <content>Tools that ask the client.</content>
internal static partial class TranscriptServer
{
    private static readonly Uri Login = new("https://bank.example/login");

    private static void AddFolders(McpServer server) => server.AddTool("folders", "Names the folders", async (RequestContext context) =>
        string.Join(", ", (await context.ListRootsAsync()).Select(root => root.Name)));

    private static void AddAsking(McpServer server) => server.AddTool("ask", "Asks a model", async (string question, RequestContext context) =>
        (await context.SampleAsync("answer", question, maxTokens: 100)).Content is [TextContent said] ? $"It says: {said.Text}" : "It says nothing.");

    private static void AddForecast(McpServer server) => server.AddTool("forecast", "Asks a model that knows a tool", async (RequestContext context) =>
    {
        SamplingMessage question = new() { Role = Role.User, Content = [new TextContent { Text = "Do I need an umbrella in Oslo?" }] };
        var looking = await context.SampleAsync("look", WithWeather(question));
        var look = looking.Content.OfType<ToolUseContent>().Single();
        ToolResultContent found = new() { ToolUseId = look.Id, Content = [new TextContent { Text = "Rain." }] };
        var answer = await context.SampleAsync("answer", WithWeather(
            question,
            new SamplingMessage { Role = Role.Assistant, Content = looking.Content },
            new SamplingMessage { Role = Role.User, Content = [found] }));
        return answer.Content.OfType<TextContent>().Single().Text;
    });

    private static CreateMessageRequestParams WithWeather(params SamplingMessage[] messages) => new()
    {
        Messages = messages,
        MaxTokens = 100,
        Tools = [new Tool { Name = "weather", Description = "Tells the weather", InputSchema = City }],
    };

    private static JsonElement City { get; } = JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""");

    private static void AddBooking(McpServer server) => server.AddTool("book", "Books a table", async (RequestContext context) =>
    {
        var table = await context.ElicitAsync("table", "For how many, and when?", Table);
        return table.Action == ElicitAction.Accept ? $"Booked for {table.Content!["guests"]}." : "Not booked.";
    });

    private static void AddTrip(McpServer server) => server.AddTool("travel", "Plans a trip", async (RequestContext context) =>
    {
        var to = await context.ElicitAsync("to", "Where to?", Field("city"));
        var from = await context.ElicitAsync("from", $"Where does the trip to {to.Content!["city"]} begin?", Field("city"));
        return $"From {from.Content!["city"]} to {to.Content!["city"]}.";
    });

    private static void AddBank(McpServer server) => server.AddTool("pay", "Pays a bill", async (RequestContext context) =>
    {
        if (await context.ElicitUrlAsync("login", "Log in to your bank.", Login) != ElicitAction.Accept)
            return "Not paid.";

        await context.CompleteElicitationAsync("login");
        return "Paid.";
    });

    private static void AddStatement(McpServer server)
    {
        var visits = 0;
        server.AddTool("balance", "Tells what is left", () => ++visits == 1
            ? throw new UrlElicitationRequiredException("login", "Log in to your bank.", Login)
            : "100");
    }

    private static ElicitSchema Table { get; } = new()
    {
        Properties = new Dictionary<string, PrimitiveSchema>
        {
            ["guests"] = new NumberSchema { IsInteger = true, Minimum = 1 },
            ["day"] = new StringSchema { Format = StringFormat.Date },
        },
        Required = ["guests", "day"],
    };

    private static ElicitSchema Field(string name) => new()
    {
        Properties = new Dictionary<string, PrimitiveSchema> { [name] = new StringSchema() },
        Required = [name],
    };
}
