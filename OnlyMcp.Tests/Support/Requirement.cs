namespace OnlyMcp.Tests.Support;

/// <summary>Something that a test needs and that a machine may not have: a reason to skip, or to fail where everything is required.</summary>
public static class Requirement
{
    public static bool AllRequired => Environment.GetEnvironmentVariable("ONLYMCP_REQUIRE_ALL") == "1";

    public static void Missing(string reason)
    {
        if (AllRequired)
            Assert.Fail($"{reason} (ONLYMCP_REQUIRE_ALL=1 turns this skip into a failure)");
        Assert.Ignore(reason);
    }
}
