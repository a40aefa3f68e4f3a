using System.Text;
using System.Text.Json;
using OnlyMcp.Client.Eras;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

[Spec("2026-07-28 basic/versioning §Compatibility Matrix")]
[Spec("2026-07-28 basic/transports/stdio §Backward Compatibility")]
[Spec("2026-07-28 basic/transports/streamable-http §Backward Compatibility")]
public sealed class EraProbeTests
{
    private const string Modern = "2026-07-28";
    private const string Legacy = "2025-11-25";

    private static readonly ProbeStep.Try Discover = new(Approach.Discover, KnownRevisions.V20260728);
    private static readonly ProbeStep.Try Initialize = new(Approach.Initialize, KnownRevisions.V20251125);
    private static readonly ProbeStep.Try OverSse = new(Approach.InitializeOverHttpSse, KnownRevisions.V20251125);

    // On a pipe every answer has the status 200.
    [TestCase(200, """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{}}""", TestName = "A DiscoverResult is modern")]
    [TestCase(200, """{"supportedVersions":["2025-11-25","2026-07-28"],"capabilities":{}}""", TestName = "A DiscoverResult without its stamp is modern")]
    [TestCase(200, """{"resultType":"complete"}""", TestName = "A stamped result is modern, whatever else it lacks")]
    public void A_modern_result_settles_the_search(int status, string result) =>
        EraProbe.Judge(Discover, Result(result, status)).Should().Be(new ProbeStep.Settle(KnownRevisions.V20260728));

    [TestCase(200, -32601, TestName = "A pipe or a 200 with -32601")]
    [TestCase(200, -32602, TestName = "A pipe or a 200 with -32602")]
    [TestCase(200, -32600, TestName = "-32600")]
    [TestCase(200, -32603, TestName = "-32603")]
    [TestCase(200, -32000, TestName = "-32000")]
    [TestCase(200, 0, TestName = "An error of no known kind")]
    [TestCase(404, -32601, TestName = "A 404 with -32601 is no proof, although a modern server says so to an unknown method")]
    [TestCase(400, -32602, TestName = "A 400 with -32602 is no proof")]
    [TestCase(400, -32000, TestName = "A 400 with an error of its own")]
    [TestCase(400, -32700, TestName = "A 400 with -32700")]
    [Spec("2026-07-28 basic/transports/stdio §Backward Compatibility", 1)]
    [Spec("2026-07-28 basic §Error Codes", 2)]
    public void Every_error_that_is_not_a_recognised_modern_one_leads_to_initialize(int status, int code) =>
        EraProbe.Judge(Discover, Error(code, status)).Should().Be(Initialize);

    [TestCase(400)]
    [TestCase(404)]
    [TestCase(405)]
    [TestCase(406)]
    [TestCase(415)]
    [TestCase(422)]
    [TestCase(429)]
    [TestCase(200, TestName = "An empty or unreadable 200")]
    [TestCase(202, TestName = "A 202 to a request")]
    public void Every_status_without_a_recognised_error_leads_to_initialize(int status) =>
        EraProbe.Judge(Discover, Bare(status)).Should().Be(Initialize);

    [TestCase("{}")]
    [TestCase("""{"tools":[]}""")]
    [TestCase("""{"resultType":7}""")]
    [TestCase("""{"supportedVersions":"2026-07-28"}""")]
    public void A_result_without_proof_leads_to_initialize(string result) =>
        EraProbe.Judge(Discover, Result(result)).Should().Be(Initialize, "a legacy server may have processed a method that it knows by chance");

    [Test]
    public void Silence_leads_to_initialize() =>
        EraProbe.Judge(Discover, new ProbeAnswer { IsSilence = true, Summary = "silence" }).Should().Be(Initialize);

    [Test]
    public void Credentials_accidents_and_redirects_are_no_evidence_of_an_era(
        [Values(301, 307, 401, 403, 500, 502, 503)] int status, [Values] Approach approach)
    {
        var tried = new ProbeStep.Try(approach, KnownRevisions.V20251125);

        EraProbe.Judge(tried, Bare(status)).Should().Be(new ProbeStep.GiveUp("came") { IsEvidence = false });
        EraProbe.Judge(tried, Error(-32601, status)).Should().Be(new ProbeStep.GiveUp("came") { IsEvidence = false });
    }

    [TestCase(400, -32020)]
    [TestCase(400, -32021)]
    [TestCase(200, -32020)]
    [TestCase(200, -32021)]
    public void A_recognised_modern_error_never_leads_to_initialize(int status, int code) =>
        EraProbe.Judge(Discover, Error(code, status)).Should().BeOfType<ProbeStep.GiveUp>().Which.IsEvidence.Should().BeTrue();

    [TestCase(200)]
    [TestCase(400)]
    [Spec("2026-07-28 basic/versioning §Protocol Version Negotiation")]
    public void A_version_error_that_names_a_modern_version_we_know_is_answered_by_asking_again_once(int status)
    {
        var answer = Unsupported(status, "2027-01-01", Modern, Legacy);

        var again = EraProbe.Judge(Discover, answer);

        again.Should().Be(Discover with { IsRepeat = true });
        EraProbe.Judge((ProbeStep.Try)again, answer).Should().Be(Initialize, "it refused twice what it says it knows, and names a legacy version too");
        EraProbe.Judge((ProbeStep.Try)again, Unsupported(status, Modern)).Should().BeOfType<ProbeStep.GiveUp>();
    }

    [Test]
    public void A_version_error_that_names_legacy_versions_alone_leads_to_initialize_with_the_newest_of_them() =>
        EraProbe.Judge(Discover, Unsupported(400, "2024-11-05", "2025-06-18"))
            .Should().Be(new ProbeStep.Try(Approach.Initialize, KnownRevisions.V20250618));

    [Test]
    public void A_DiscoverResult_that_names_legacy_versions_alone_leads_to_initialize() =>
        EraProbe.Judge(Discover, Result("""{"resultType":"complete","supportedVersions":["2025-11-25"],"capabilities":{}}""")).Should().Be(Initialize);

    [Test]
    public void A_version_error_that_lists_no_version_at_all_leads_to_initialize() =>
        EraProbe.Judge(Discover, Unsupported(400)).Should().Be(Initialize, "such a server speaks no modern revision");

    [Test]
    public void No_version_in_common_ends_the_search_and_names_both_lists()
    {
        var end = EraProbe.Judge(Discover, Unsupported(400, "2031-01-01")).Should().BeOfType<ProbeStep.GiveUp>().Which;

        end.Reason.Should().Contain("2031-01-01").And.Contain(Modern).And.Contain(Legacy);
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"supported":"2026-07-28"}""")]
    [TestCase("""{"supported":[1,null]}""")]
    [TestCase("[]")]
    public void A_version_error_that_names_nothing_ends_the_search(string data) =>
        EraProbe.Judge(Discover, Error(-32022, 400, data)).Should().BeOfType<ProbeStep.GiveUp>();

    [TestCase("2025-11-25")]
    [TestCase("2025-06-18")]
    [TestCase("2025-03-26")]
    [TestCase("2024-11-05")]
    [Spec("2025-11-25 basic/lifecycle §Version Negotiation")]
    [Spec("2025-11-25 basic/lifecycle §Operation", 1)]
    public void Whatever_legacy_version_the_server_chooses_is_spoken(string version) =>
        EraProbe.Judge(Initialize, Result($$"""{"protocolVersion":"{{version}}"}""")).Should().Be(new ProbeStep.Settle(KnownRevisions.Find(version)!));

    [TestCase("""{"protocolVersion":"2023-01-01"}""", "2023-01-01")]
    [TestCase("""{"protocolVersion":"2026-07-28"}""", "2026-07-28")]
    [TestCase("""{"protocolVersion":7}""", "names no protocol version")]
    [TestCase("{}", "names no protocol version")]
    [Spec("2025-11-25 basic/lifecycle §Version Negotiation")]
    public void A_version_that_initialize_cannot_agree_on_ends_the_search(string result, string reason) =>
        EraProbe.Judge(Initialize, Result(result)).Should().BeOfType<ProbeStep.GiveUp>().Which.Reason.Should().Contain(reason);

    [TestCase(400)]
    [TestCase(404)]
    [TestCase(405)]
    [Spec("2026-07-28 basic/transports/streamable-http §HTTP+SSE Transport (2024-11-05)")]
    public void From_initialize_the_way_leads_on_to_HTTP_SSE(int status)
    {
        EraProbe.Judge(Initialize, Bare(status)).Should().Be(OverSse);
        EraProbe.Judge(Initialize, Error(-32000, status)).Should().Be(OverSse);
    }

    [TestCase(406)]
    [TestCase(410)]
    [TestCase(429)]
    [TestCase(200)]
    public void From_initialize_no_other_status_leads_anywhere(int status) =>
        EraProbe.Judge(Initialize, Bare(status)).Should().BeOfType<ProbeStep.GiveUp>();

    [TestCase(-32020)]
    [TestCase(-32021)]
    [TestCase(-32022)]
    public void A_modern_error_to_initialize_says_that_the_server_is_modern_only(int code) =>
        EraProbe.Judge(Initialize, Error(code, 400)).Should().BeOfType<ProbeStep.GiveUp>().Which.Reason.Should().Contain("modern");

    [Test]
    public void On_a_pipe_no_answer_to_initialize_leads_to_HTTP_SSE() =>
        EraProbe.Judge(Initialize, Error(-32601)).Should().BeOfType<ProbeStep.GiveUp>();

    [TestCase(404)]
    [TestCase(200)]
    public void Behind_HTTP_SSE_there_is_nothing(int status) =>
        EraProbe.Judge(OverSse, Bare(status)).Should().BeOfType<ProbeStep.GiveUp>();

    [Test]
    public void An_unknown_server_is_asked_in_the_modern_way_first() =>
        EraProbe.First(KnownRevisions.All, null, overHttp: true).Should().Be(Discover);

    [TestCase(Approach.Discover)]
    [TestCase(Approach.Initialize)]
    [TestCase(Approach.InitializeOverHttpSse)]
    public void A_known_server_is_asked_as_it_is_known(Approach remembered) =>
        EraProbe.First(KnownRevisions.All, remembered, overHttp: true).Approach.Should().Be(remembered);

    [TestCase("2026-07-28", true, Approach.Discover)]
    [TestCase("2025-06-18", true, Approach.Initialize)]
    [TestCase("2024-11-05", true, Approach.InitializeOverHttpSse)]
    [TestCase("2024-11-05", false, Approach.Initialize)]
    public void A_pinned_revision_decides_the_first_question(string version, bool overHttp, Approach approach) =>
        EraProbe.First([KnownRevisions.Find(version)!], null, overHttp).Should().Be(new ProbeStep.Try(approach, KnownRevisions.Find(version)!));

    [Test]
    public void A_pinned_revision_is_never_left()
    {
        EraProbe.Judge(Discover, Bare(404), [KnownRevisions.V20260728]).Should().BeOfType<ProbeStep.GiveUp>();
        EraProbe.Judge(Initialize, Result("""{"protocolVersion":"2025-06-18"}"""), [KnownRevisions.V20251125]).Should().BeOfType<ProbeStep.GiveUp>();
        EraProbe.Judge(Initialize, Bare(404), [KnownRevisions.V20251125]).Should().Be(OverSse, "the transport is not what was pinned");
    }

    private static ProbeAnswer Result(string json, int status = 200) =>
        new() { Status = status, Result = JsonDocument.Parse(json).RootElement, Summary = "came" };

    private static ProbeAnswer Error(int code, int status = 200, string data = "null") =>
        new() { Status = status, Error = new JsonRpcError(code, "no", new JsonBody(Encoding.UTF8.GetBytes(data))), Summary = "came" };

    private static ProbeAnswer Unsupported(int status, params string[] versions) =>
        Error(-32022, status, $$"""{"supported":{{JsonSerializer.Serialize(versions)}},"requested":"2026-07-28"}""");

    private static ProbeAnswer Bare(int status) => new() { Status = status, Summary = "came" };
}
