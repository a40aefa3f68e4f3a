using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The weather tool: made up, unless there is a service, here a stand-in with Open-Meteo's interface.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WeatherTests
{
    private const string Paris =
        """{"results":[{"id":2988507,"name":"Paris","latitude":48.85341,"longitude":2.3488,"country":"France"}]}""";

    [TestCase("Paris", ExpectedResult = """{"location":"Paris","temperature":20,"weather":"sandstorm"}""")]
    [TestCase("Zürich \"Nord\"", ExpectedResult = """{"location":"Zürich \"Nord\"","temperature":20,"weather":"sandstorm"}""")]
    public async Task<string> Without_a_service_it_is_a_sandstorm_everywhere(string location)
    {
        await using var client = await ConnectAsync();

        return (await AskAsync(client, location)).Text;
    }

    [Test]
    public async Task Made_up_weather_is_said_to_be_made_up()
    {
        await using var client = await ConnectAsync();

        client.Instructions.Should().Contain("demonstration").And.Contain("sandstorm");
    }

    [Test]
    public async Task A_service_is_asked_where_the_place_is_and_then_for_its_weather()
    {
        await using var service = Service(Paris, """{"current":{"time":"2026-11-20T12:00","temperature_2m":-3.5,"weather_code":71}}""");
        await using var client = await ConnectAsync("--weather-url", service.Url.GetLeftPart(UriPartial.Authority));

        var answer = await AskAsync(client, "Paris, Île-de-France");

        answer.Text.Should().Be("""{"location":"Paris","temperature":-3.5,"weather":"snow"}""");
        service.Calls.Select(call => call.Target).Should().Equal(
            "/v1/search?name=Paris%2C%20%C3%8Ele-de-France&count=1",
            "/v1/forecast?latitude=48.85341&longitude=2.3488&current=temperature_2m,weather_code");
        client.Instructions.Should().BeNull("this weather is real");
    }

    [Test]
    public async Task Where_forecasts_come_from_api_places_come_from_geocoding_api()
    {
        // The stand-in is the proxy, so that it is asked for names that no machine has.
        await using var proxy = Service(Paris, """{"current":{"temperature_2m":1e1,"weather_code":95}}""");
        var command = SamplePrograms.Command(SamplePrograms.Server, "--stdio", "--weather-url", "http://api.weather.test");
        await using var client = await McpClient.StartAsync(new StdioClientOptions
        {
            Command = command[0],
            Arguments = command[1..],
            Environment = new Dictionary<string, string?> { ["http_proxy"] = proxy.Url.GetLeftPart(UriPartial.Authority) },
        });

        (await AskAsync(client, "Paris")).Text.Should().Be("""{"location":"Paris","temperature":10,"weather":"thunderstorm"}""");
        proxy.Calls.Select(call => new Uri(call.Target).Host).Should().Equal("geocoding-api.weather.test", "api.weather.test");
    }

    [Test]
    public async Task A_service_may_stand_behind_a_path()
    {
        await using var service = Service(Paris, """{"current":{"temperature_2m":20,"weather_code":0}}""");
        await using var client = await ConnectAsync("--weather-url", service.Url.GetLeftPart(UriPartial.Authority) + "/meteo/");

        (await AskAsync(client, "Paris")).Text.Should().Be("""{"location":"Paris","temperature":20,"weather":"clear sky"}""");
        service.Calls.Should().OnlyContain(call => call.Target.StartsWith("/meteo/v1/", StringComparison.Ordinal));
    }

    [Test]
    [Spec("2026-07-28 server/tools §Error Handling")]
    public async Task A_place_that_nobody_knows_is_a_tool_error()
    {
        await using var service = Service("""{"generationtime_ms":0.5}""", "{}");
        await using var client = await ConnectAsync("--weather-url", service.Url.GetLeftPart(UriPartial.Authority));

        var answer = await AskAsync(client, "Nowhere");

        answer.IsError.Should().BeTrue();
        answer.Text.Should().Be("Error: No place called 'Nowhere' is known");
    }

    [TestCase("""<html>busy</html>""")]
    [TestCase("""{"results":7}""")]
    [TestCase("""{"results":[{"name":"Paris"}]}""")]
    [TestCase("""{"results":[{"name":"Paris","latitude":"far","longitude":1}]}""")]
    public async Task A_service_that_answers_something_else_is_a_tool_error(string places)
    {
        await using var service = Service(places, "{}");
        await using var client = await ConnectAsync("--weather-url", service.Url.GetLeftPart(UriPartial.Authority));

        var answer = await AskAsync(client, "Paris");

        answer.IsError.Should().BeTrue();
        answer.Text.Should().Be("Error: The weather service answered with something else than the weather");
    }

    [Test]
    public async Task A_service_that_is_down_is_a_tool_error_and_the_server_lives_on()
    {
        await using var client = await ConnectAsync("--weather-url", $"http://127.0.0.1:{FreePort.Next()}");

        var answer = await AskAsync(client, "Paris");

        answer.IsError.Should().BeTrue();
        answer.Text.Should().Be("Error: The weather service did not answer");
        (await client.CallToolAsync("calculator", new { operation = "add", a = 1, b = 2 })).Text.Should().Be("Result of add 1 and 2: 3");
    }

    private static ScriptedHttpServer Service(string places, string forecast) => new(call =>
        call.JsonAsync(call.Target.Contains("/v1/search?", StringComparison.Ordinal) ? places : forecast));

    private static Task<McpClient> ConnectAsync(params string[] options)
    {
        var command = SamplePrograms.Command(SamplePrograms.Server, ["--stdio", .. options]);
        return McpClient.StartAsync(command[0], command[1..]);
    }

    private static Task<ToolAnswer> AskAsync(McpClient client, string location) => client.CallToolAsync("weather", new { location });
}
