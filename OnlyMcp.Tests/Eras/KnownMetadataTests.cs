using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Tests.Eras;

/// <summary>Metadata that came before is not parsed again, and nobody notices.</summary>
public sealed class KnownMetadataTests
{
    private readonly KnownMetadata known = new();

    [Test]
    public void The_same_bytes_mean_the_same_each_time()
    {
        var first = Parse("7.1", "alpha");
        var again = Parse("7.1", "alpha");

        again.Should().Be(first).And.NotBeSameAs(first);
        again.ClientInfo.Should().BeSameAs(first.ClientInfo, "it was not parsed again");
    }

    [Test]
    public void Other_bytes_mean_what_they_say_however_many_came_before()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 500; i++)
                Parse("7.1", $"client {i}").ClientInfo!.Name.Should().Be($"client {i}");
        }
    }

    [Test]
    public void What_a_handler_adds_to_its_metadata_stays_with_its_request()
    {
        Parse("7.1", "alpha").Other = new Dictionary<string, JsonElement> { ["mine"] = JsonElement.Parse("1") };

        Parse("7.1", "alpha").Other.Should().BeNull();
        Parse("7.1", "alpha").Other.Should().BeNull();
    }

    [Test]
    public void Metadata_of_a_wrong_shape_is_refused_each_time()
    {
        for (var i = 0; i < 2; i++)
            FluentActions.Invoking(() => known.Parse(Encoding.UTF8.GetBytes("""{"progressToken":{}}"""))).Should().Throw<RefusedRequestException>();
    }

    [Test]
    public void Metadata_that_is_absent_or_very_long_is_parsed_as_ever()
    {
        known.Parse(default).Should().Be(new RequestMeta());
        Parse("7.1", new string('x', 5000)).ClientInfo!.Name.Should().HaveLength(5000);
        Parse("7.1", new string('x', 5000)).ClientInfo!.Name.Should().HaveLength(5000);
    }

    private RequestMeta Parse(string version, string client) => known.Parse(Encoding.UTF8.GetBytes(
        $$$"""{"{{{MetaKeys.ProtocolVersion}}}":"{{{version}}}","{{{MetaKeys.ClientInfo}}}":{"name":"{{{client}}}","version":"1"}}"""));
}
