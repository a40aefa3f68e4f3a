using OnlyMcp.Client.Stdio;

namespace OnlyMcp.Tests.Stdio;

public sealed class WindowsBatchFileTests
{
    [Test]
    public void Every_argument_is_quoted_so_that_cmd_takes_no_part_of_it_for_a_command() =>
        WindowsBatchFile.CommandLine(@"C:\Program Files\nodejs\npx.cmd", ["-y", "test&calc", "a b", "x|y>z^", "", @"C:\dir\"]).Should().Be(
            """/d /v:off /s /c ""C:\Program Files\nodejs\npx.cmd" "-y" "test&calc" "a b" "x|y>z^" "" "C:\dir\\"" """.TrimEnd());

    [TestCase("50%")]
    [TestCase("%PATH%")]
    [TestCase("a\"&calc")]
    [TestCase("a\nb")]
    [TestCase("a\rb")]
    [TestCase("a\0b")]
    public void What_cannot_be_quoted_is_refused(string argument) =>
        FluentActions.Invoking(() => WindowsBatchFile.CommandLine("npx.cmd", [argument]))
            .Should().Throw<ArgumentException>().WithMessage("*that a Windows batch file cannot be given safely*");

    [TestCase("npx.cmd", true)]
    [TestCase("x.BAT", true)]
    [TestCase("node.exe", false)]
    [TestCase("npx", false)]
    public void A_batch_file_is_known_by_its_ending(string path, bool isOne) => WindowsBatchFile.IsOne(path).Should().Be(isOne);
}
