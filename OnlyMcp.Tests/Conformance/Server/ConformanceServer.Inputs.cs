using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Conformance.Server;

/// <content>Tools that ask the client.</content>
internal static partial class ConformanceServer
{
    private static readonly string[] Options = ["option1", "option2", "option3"];

    private static readonly ElicitSchema Name = Form(("name", new StringSchema()));

    private static void AddAskingTools(McpServer server)
    {
        server.AddTool("test_sampling", "Asks the client's model", async (string prompt, RequestContext context) =>
            $"LLM response: {TextOf(await context.SampleAsync("prompt", prompt, maxTokens: 100))}");
        server.AddTool("test_elicitation", "Asks the client's user", async (string message, RequestContext context) =>
            $"User response: {Shown(await context.ElicitAsync("user", message, Form(
                ("username", new StringSchema { Description = "User's response" }),
                ("email", new StringSchema { Description = "User's email address" }))))}");
        server.AddTool("test_elicitation_sep1034_defaults", "Asks with answers filled in", async (RequestContext context) =>
            $"Elicitation completed: {Shown(await context.ElicitAsync("defaults", "Is this so?", new ElicitSchema { Properties = Defaults() }))}");
        server.AddTool("test_elicitation_sep1330_enums", "Asks for choices of every kind", async (RequestContext context) =>
            $"Elicitation completed: {Shown(await context.ElicitAsync("choices", "Choose", new ElicitSchema { Properties = Choices() }))}");
    }

    private static void AddInputRequiredTools(McpServer server)
    {
        // By hand: what this client sends without having been asked is an answer too.
        server.AddTool("test_input_required_result_elicitation", "Asks for a name", Result (RequestContext context) =>
            context.InputResponses.Elicited("user_name", Name) is { } answer
                ? ToolResults.Text($"Hello, {answer.Content?["name"]}!")
                : new InputRequiredResult
                {
                    InputRequests = new Dictionary<string, InputRequest> { ["user_name"] = InputRequests.Elicit("What is your name?", Name) },
                });
        server.AddTool("test_input_required_result_sampling", "Asks the model", async (RequestContext context) =>
            TextOf(await context.SampleAsync("capital_question", "What is the capital of France?", maxTokens: 100)));
        server.AddTool("test_input_required_result_list_roots", "Asks for the roots", async (RequestContext context) =>
            string.Join(", ", (await context.ListRootsAsync("client_roots")).Select(root => root.Uri)));
        server.AddTool("test_input_required_result_request_state", "Keeps a state", Result (RequestContext context) =>
            context is { RequestState: "a state" } && context.InputResponses.Contains("confirm")
                ? ToolResults.Text("state-ok")
                : new InputRequiredResult
                {
                    InputRequests = new Dictionary<string, InputRequest>
                    {
                        ["confirm"] = InputRequests.Elicit("Please confirm", Form(("ok", new BooleanSchema()))),
                    },
                    RequestState = "a state",
                });
        server.AddTool("test_input_required_result_multiple_inputs", "Asks for three things at once", async (RequestContext context) =>
        {
            var name = context.ElicitAsync("user_name", "What is your name?", Name);
            var greeting = context.SampleAsync("greeting", "Generate a greeting", maxTokens: 50);
            var roots = context.ListRootsAsync("client_roots");
            await Task.WhenAll(name, greeting, roots);
            return $"{TextOf(await greeting)} {(await name).Content?["name"]} {(await roots).Count}";
        });
        server.AddTool("test_input_required_result_multi_round", "Asks twice", async (RequestContext context) =>
        {
            var name = await context.ElicitAsync("step1", "Step 1: What is your name?", Name);
            var color = await context.ElicitAsync("step2", "Step 2: What is your favorite color?", Form(("color", new StringSchema())));
            return $"{name.Content?["name"]} likes {color.Content?["color"]}";
        });
        server.AddTool("test_input_required_result_tampered_state", "Keeps a state that nobody may change", async (RequestContext context) =>
            Shown(await context.ElicitAsync("confirm", "Please confirm", Form(("ok", new BooleanSchema())))));
        server.AddTool("test_input_required_result_capabilities", "Asks for what the client can do", async (RequestContext context) =>
            context.ClientCapabilities.Elicitation is not null
                ? Shown(await context.ElicitAsync("user_name", "What is your name?", Name))
                : TextOf(await context.SampleAsync("capital_question", "What is the capital of France?")));
    }

    private static void AddInputRequiredPrompt(McpServer server) =>
        server.AddPrompt("test_input_required_result_prompt", "Asks for its context", async (RequestContext context) =>
        {
            var answer = await context.ElicitAsync("user_context", "What context should the prompt use?", Form(("context", new StringSchema())));
            return $"Use this context: {answer.Content?["context"]}";
        });

    private static Dictionary<string, PrimitiveSchema> Defaults() => new()
    {
        ["name"] = new StringSchema { Default = "John Doe" },
        ["age"] = new NumberSchema { IsInteger = true, Default = 30 },
        ["score"] = new NumberSchema { Default = 95.5 },
        ["status"] = new UntitledSingleSelectEnumSchema { Enum = ["active", "inactive", "pending"], Default = "active" },
        ["verified"] = new BooleanSchema { Default = true },
    };

    private static Dictionary<string, PrimitiveSchema> Choices() => new()
    {
        ["untitledSingle"] = new UntitledSingleSelectEnumSchema { Enum = Options },
        ["titledSingle"] = new TitledSingleSelectEnumSchema { OneOf = Titled("Option") },
        ["legacyEnum"] = new LegacyTitledEnumSchema { Enum = ["opt1", "opt2", "opt3"], EnumNames = ["Option One", "Option Two", "Option Three"] },
        ["untitledMulti"] = new UntitledMultiSelectEnumSchema { Items = new() { Enum = Options } },
        ["titledMulti"] = new TitledMultiSelectEnumSchema { Items = new() { AnyOf = Titled("Choice") } },
    };

    private static EnumOption[] Titled(string noun) =>
        [.. new[] { "First", "Second", "Third" }.Select((word, i) => new EnumOption { Const = $"value{i + 1}", Title = $"{word} {noun}" })];

    private static ElicitSchema Form(params (string Name, PrimitiveSchema Field)[] fields) => new()
    {
        Properties = fields.ToDictionary(field => field.Name, field => field.Field),
        Required = [.. fields.Select(field => field.Name)],
    };

    private static string TextOf(CreateMessageResult said) => said.Content is [TextContent text, ..] ? text.Text : "(no text)";

    private static string Shown(ElicitResult result) =>
        $"action={JsonSerializer.Serialize(result.Action, JsonSerializerOptions.Web).Trim('"')}, content={JsonSerializer.Serialize(result.Content)}";
}
