using System.Text;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Resources;
using OnlyMcp.Tests.Support;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;

namespace OnlyMcp.Tests.Features;

/// <summary>Resources, over each transport in each revision.</summary>
[TestFixtureSource(nameof(Ways))]
public sealed class ResourcesTests(Way way)
{
    public enum Unit
    {
        Celsius,
        Kelvin,
    }

    private static IEnumerable<TestFixtureData> Ways => Way.All.Select(way => new TestFixtureData(way).SetArgDisplayNames(way.ToString()));

    [Test]
    [Spec("2026-07-28 server/resources §Listing Resources")]
    [Spec("2026-07-28 server/resources §Capabilities", 1, 2)]
    public async Task Resources_and_templates_are_listed_in_the_order_in_which_they_were_added()
    {
        var server = new McpServer("files", "1.0.0");
        server.AddResource("note://b", "b", "text of b", "text/markdown");
        server.AddResource("note://a", "a", "sixteen bytes ø"u8.ToArray());
        server.AddResource(
            new Resource
            {
                Uri = "note://c",
                Name = "c",
                Title = "The third",
                Description = "Comes last",
                Annotations = new Annotations { Audience = [Role.User], Priority = 0.5, LastModified = "2026-01-12T15:00:58Z" },
                Icons = [new Icon { Src = "https://example.com/c.png" }],
            },
            (_, _) => new(ResourceResults.Text("note://c", "c")));
        server.AddResourceTemplate("weather://{city}", "weather", [Description("Weather of a city")] (string city) => city);

        await using var connected = await way.ConnectAsync(server);

        var resources = (await connected.Client.ListResourcesPageAsync()).Resources;
        resources.Select(resource => resource.Uri).Should().Equal("note://b", "note://a", "note://c");
        resources.Select(resource => resource.Size).Should().Equal(9, 16, null);
        resources[0].MimeType.Should().Be("text/markdown");
        resources[2].Should().BeEquivalentTo(server.Resources.All[2].Definition);
        (await connected.Client.ListTemplatesPageAsync()).ResourceTemplates.Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new ResourceTemplate { UriTemplate = "weather://{city}", Name = "weather", Description = "Weather of a city" });
        connected.Client.ServerCapabilities!.Resources.Should().NotBeNull();
    }

    [Test]
    [Spec("2026-07-28 server/resources §Reading Resources")]
    [Spec("2026-07-28 server/resources §Security Considerations", 2)]
    public async Task Text_and_bytes_are_read_as_they_are()
    {
        var server = new McpServer("files", "1.0.0");
        server.AddResource("note://text", "text", "ein Wörtchen");
        server.AddResource("note://bytes", "bytes", new byte[] { 0, 255, 1 }, "image/png");

        using var record = new WireRecord();
        await using var connected = await way.ConnectAsync(server, new McpClientOptions { WireTap = record.Tap });

        (await connected.Client.ReadAsync("note://text")).Contents.Should().Equal(
            new TextResourceContents { Uri = "note://text", MimeType = "text/plain", Text = "ein Wörtchen" });
        var bytes = (BlobResourceContents)(await connected.Client.ReadAsync("note://bytes")).Contents.Single();
        bytes.Blob.ToArray().Should().Equal(0, 255, 1);
        record.Received[^1].GetProperty("result").GetProperty("contents")[0].GetProperty("blob").GetString().Should().Be("AP8B");
        bytes.MimeType.Should().Be("image/png");
    }

    [Test]
    [Spec("2026-07-28 server/resources §Resource Contents")]
    public async Task A_delegate_may_return_what_it_has()
    {
        var server = new McpServer("files", "1.0.0");
        server.AddResource("r://string", "string", () => "text");
        server.AddResource("r://task", "task", async (RequestContext context, CancellationToken cancellation) =>
        {
            await Task.Yield();
            return context.Request.Method;
        });
        server.AddResource("r://bytes", "bytes", () => "bytes"u8.ToArray());
        server.AddResource("r://memory", "memory", () => (ReadOnlyMemory<byte>)"memory"u8.ToArray());
        server.AddResource("r://contents", "contents", () => new TextResourceContents { Uri = "r://elsewhere", Text = "contents" });
        server.AddResource("r://several", "several", ResourceContents[] () =>
        [
            new TextResourceContents { Uri = "r://several/1", Text = "one" },
            new BlobResourceContents { Uri = "r://several/2", Blob = "two"u8.ToArray() },
        ]);
        server.AddResource("r://result", "result", () => ValueTask.FromResult(ResourceResults.Text("r://result", "result", "text/html")));
        server.AddResource("r://record", "record", () => new { Degrees = 20, Sky = "ø" });

        await using var connected = await way.ConnectAsync(server);

        (await connected.Client.ReadTextAsync("r://string")).Should().Be("text");
        (await connected.Client.ReadTextAsync("r://task")).Should().Be("resources/read");
        (await BytesAsync("r://bytes")).Should().Be("bytes");
        (await BytesAsync("r://memory")).Should().Be("memory");
        (await connected.Client.ReadAsync("r://contents")).Contents.Single().Uri.Should().Be("r://elsewhere");
        (await connected.Client.ReadAsync("r://several")).Contents.Select(contents => contents.Uri).Should().Equal("r://several/1", "r://several/2");
        (await connected.Client.ReadAsync("r://result")).Contents.Single().MimeType.Should().Be("text/html");
        (await connected.Client.ReadTextAsync("r://record")).Should().Contain("\"degrees\":20");
        (await connected.Client.ReadAsync("r://record")).Contents.Single().MimeType.Should().Be("application/json");

        async Task<string> BytesAsync(string uri) =>
            Encoding.UTF8.GetString(((BlobResourceContents)(await connected.Client.ReadAsync(uri)).Contents.Single()).Blob.Span);
    }

    [Test]
    [Spec("2026-07-28 server/resources §Resource Templates")]
    public async Task Variables_of_an_address_arrive_as_the_parameters_types()
    {
        var server = new McpServer("weather", "1.0.0");
        server.AddResourceTemplate(
            "weather://{city}{/unit}{?days,tags*}",
            "weather",
            (string city, Unit unit = Unit.Celsius, int days = 1, params string[] tags) => $"{city} {unit} {days} {string.Join('+', tags)}");
        server.AddResourceTemplate("file:///{+path}", "files", (RequestContext context, string path) => $"{context.Request.Method} {path}");

        await using var connected = await way.ConnectAsync(server);

        (await connected.Client.ReadTextAsync("weather://Troms%C3%B8/Kelvin?days=3&tags=a&tags=b")).Should().Be("Tromsø Kelvin 3 a+b");
        (await connected.Client.ReadTextAsync("weather://Oslo")).Should().Be("Oslo Celsius 1 ");
        (await connected.Client.ReadTextAsync("file:///a/b.txt")).Should().Be("resources/read a/b.txt");
        (await connected.Client.ReadAsync("weather://Oslo")).Contents.Single().Uri.Should().Be("weather://Oslo");
    }

    [Test]
    [Spec("2026-07-28 server/resources §Resource Templates")]
    public async Task A_resource_of_that_address_comes_before_templates_and_the_first_template_before_the_second()
    {
        var server = new McpServer("order", "1.0.0");
        server.AddResourceTemplate("x://{any}", "first", (string any) => $"first {any}");
        server.AddResourceTemplate("x://a{rest}", "second", (string rest) => $"second {rest}");
        server.AddResource("x://abc", "exact", "exact");

        await using var connected = await way.ConnectAsync(server);

        (await connected.Client.ReadTextAsync("x://abc")).Should().Be("exact");
        (await connected.Client.ReadTextAsync("x://abd")).Should().Be("first abd");
    }

    [TestCase("x://none")]
    [TestCase("n://gone")]
    [TestCase("i://abc")]
    [TestCase("i://")]
    [TestCase("i://99999999999999999999")]
    [TestCase("f:///a/../../etc/passwd")]
    [TestCase("f:///a/%2e%2e/b")]
    [TestCase("f:///a%5C..%5Cb")]
    [TestCase("f:///..")]
    [TestCase("f:///a%00b")]
    [TestCase("s://a%2Fb")]
    [TestCase("s://a%2fb")]
    [TestCase("s://a/b")]
    [TestCase("s://%FF")]
    [Spec("2026-07-28 server/resources §Error Handling", 1, 2)]
    [Spec("2026-07-28 server/resources §Security Considerations", 1, 3)]
    public async Task What_is_not_there_is_told_with_its_address_and_no_handler_hears_of_it(string uri)
    {
        var read = new List<string>();
        var server = new McpServer("files", "1.0.0");
        server.AddResource("n://gone", "gone", string? () => null);
        server.AddResourceTemplate("i://{number}", "numbers", (int number) => Read($"{number}"));
        server.AddResourceTemplate("f:///{+path}", "files", (string path) => Read(path));
        server.AddResourceTemplate("s://{segment}", "segments", (string segment) => Read(segment));

        await using var connected = await way.ConnectAsync(server);
        var fault = (await FluentActions.Awaiting(() => connected.Client.ReadAsync(uri)).Should().ThrowAsync<JsonRpcException>()).Which;

        fault.Code.Should().Be(way.Revision.Era == Era.Modern ? -32602 : -32002);
        fault.Error.Data.Read(McpJson.Wire.ResourceNotFoundErrorData).Uri.Should().Be(uri);
        read.Should().BeEmpty();

        string Read(string what)
        {
            read.Add(what);
            return what;
        }
    }

    [Test]
    [Spec("2026-07-28 server/resources §Security Considerations", 1)]
    public async Task An_address_that_is_none_is_refused()
    {
        var server = new McpServer("files", "1.0.0");
        server.AddResourceTemplate("f://{+path}", "files", (string path) => path);
        await using var connected = await way.ConnectAsync(server);

        foreach (var uri in new[] { "", "relative", "f://a b", "f://%zz", "f://ø", "f://" + new string('x', 9000) })
        {
            (await FluentActions.Awaiting(() => connected.Client.ReadAsync(uri)).Should().ThrowAsync<JsonRpcException>())
                .Which.Code.Should().Be(ErrorCode.InvalidParams, $"'{uri[..Math.Min(uri.Length, 20)]}' is no URI");
        }
    }

    [Test]
    [Spec("2026-07-28 server/resources §Error Handling")]
    public async Task What_a_failing_read_says_stays_on_the_server()
    {
        var server = new McpServer("files", "1.0.0");
        server.AddResource("f://a", "a", string () => throw new InvalidOperationException("the password is 1234"));
        await using var connected = await way.ConnectAsync(server);

        var fault = (await FluentActions.Awaiting(() => connected.Client.ReadAsync("f://a")).Should().ThrowAsync<JsonRpcException>()).Which;

        fault.Code.Should().Be(ErrorCode.InternalError);
        fault.Message.Should().NotContain("1234");
    }

    [Test]
    [Spec("2026-07-28 server/resources §Error Handling")]
    public async Task Without_resources_their_methods_are_not_available()
    {
        await using var connected = await way.ConnectAsync(new McpServer("empty", "1.0.0"), new McpClientOptions { ChecksServerCapabilities = false });

        (await FluentActions.Awaiting(() => connected.Client.ListResourcesPageAsync()).Should().ThrowAsync<JsonRpcException>())
            .Which.Code.Should().Be(ErrorCode.MethodNotFound);
        connected.Client.ServerCapabilities!.Resources.Should().BeNull();
    }

    [Test]
    [Spec("2026-07-28 server/resources §Capabilities", 2)]
    public async Task Resources_may_come_and_go_while_the_server_runs()
    {
        var changes = new List<Server.Changes.ChangeKind>();
        var server = new McpServer("files", "1.0.0", new McpServerOptions { Capabilities = new() { Resources = new() } });
        using var heard = server.Options.Changes.Subscribe(change => changes.Add(change.Kind));
        await using var connected = await way.ConnectAsync(server);
        (await connected.Client.ListResourcesPageAsync()).Resources.Should().BeEmpty();

        server.AddResource("f://a", "a", "a");
        (await connected.Client.ReadTextAsync("f://a")).Should().Be("a");
        server.Resources.Remove("f://a").Should().BeTrue();
        (await connected.Client.ListResourcesPageAsync()).Resources.Should().BeEmpty();

        changes.Should().Equal(Server.Changes.ChangeKind.ResourcesListChanged, Server.Changes.ChangeKind.ResourcesListChanged);
    }

    [Test]
    [Spec("2026-07-28 server/resources §Resource")]
    public async Task A_class_of_resources_is_offered_whole()
    {
        var server = new McpServer("library", "1.0.0");
        server.AddResources<Library>();
        await using var connected = await way.ConnectAsync(server);

        var resource = (await connected.Client.ListResourcesPageAsync()).Resources.Should().ContainSingle().Which;
        resource.Should().BeEquivalentTo(new Resource
        {
            Uri = "library://rules",
            Name = "house_rules",
            Title = "House rules",
            Description = "What is forbidden",
            MimeType = "text/markdown",
            Icons = [new Icon { Src = "https://example.com/rules.png" }],
        });
        (await connected.Client.ReadTextAsync("library://rules")).Should().Be("*Be quiet*");
        (await connected.Client.ReadTextAsync("library://books/7")).Should().Be("Book 7");
    }

    private sealed class Library
    {
        [McpResource("library://rules", Title = "House rules", MimeType = "text/markdown", Icon = "https://example.com/rules.png")]
        [Description("What is forbidden")]
        public Task<string> HouseRulesAsync() => Task.FromResult("*Be quiet*");

        [McpResource("library://books/{id}", Name = "book")]
        public static string Book(int id) => $"Book {id}";
    }
}
