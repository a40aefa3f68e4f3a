using FluentAssertions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Tasks;

public sealed class ToolTasksTests
{
    [Test]
    public void Times_that_make_no_sense_are_refused_where_they_are_written()
    {
        Func<ToolTasks>[] wrong =
        [
            () => new ToolTasks { After = TimeSpan.FromSeconds(-5) },
            () => new ToolTasks { After = TimeSpan.FromDays(100) },
            () => new ToolTasks { TimeToLive = TimeSpan.Zero },
            () => new ToolTasks { TimeToLive = TimeSpan.FromSeconds(-5) },
            () => new ToolTasks { PollInterval = TimeSpan.FromSeconds(-5) },
            () => new McpTaskAttribute { AfterSeconds = -1 }.ToTasks(),
            () => new McpTaskAttribute { TimeToLiveSeconds = 0 }.ToTasks(),
            () => new McpTaskAttribute { AfterSeconds = double.NaN }.ToTasks(),
        ];
        foreach (var make in wrong)
            make.Should().Throw<ArgumentException>();
    }

    [Test]
    public void An_attribute_says_what_the_record_says()
    {
        var said = new McpTaskAttribute
        {
            Support = TaskSupport.Required,
            AfterSeconds = double.PositiveInfinity,
            WhenInterrupted = InterruptedTask.RunsAgain,
            TimeToLiveSeconds = double.PositiveInfinity,
            PollIntervalSeconds = 0.5,
        };

        said.ToTasks().Should().Be(new ToolTasks
        {
            Support = TaskSupport.Required,
            After = Timeout.InfiniteTimeSpan,
            WhenInterrupted = InterruptedTask.RunsAgain,
            TimeToLive = Timeout.InfiniteTimeSpan,
            PollInterval = TimeSpan.FromSeconds(0.5),
        });
        new McpTaskAttribute().ToTasks().Should().Be(new ToolTasks());
    }
}
