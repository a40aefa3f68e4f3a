using System.Runtime.Versioning;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>Who may look into a folder of tasks. Windows has no modes of files: there it is the business of the folder around.</summary>
[Platform(Exclude = "Win")]
[UnsupportedOSPlatform("windows")]
public sealed class TaskFolderModeTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private RecordedLog log = null!;
    private string root = null!;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        log = new RecordedLog();
        root = Directory.CreateTempSubdirectory("onlymcp-tasks-").FullName;
        folder = Path.Combine(root, "tasks");
    }

    [TearDown]
    public void TearDown()
    {
        log.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Isolation and Access Control")]
    public async Task Tasks_are_their_owners_alone()
    {
        await using var store = Open();
        await store.AddAsync(Records.New());

        new DirectoryInfo(folder).UnixFileMode.Should().Be(Owner);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            file.UnixFileMode.Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.Name);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_folder_that_others_can_look_into_is_closed_if_it_is_empty_and_spoken_of_if_not(bool inUse)
    {
        Directory.CreateDirectory(folder, Owner);
        File.SetUnixFileMode(folder, Owner | UnixFileMode.OtherRead);
        if (inUse)
            await File.WriteAllTextAsync(Path.Combine(folder, "of others"), "");

        await using var store = Open();

        new DirectoryInfo(folder).UnixFileMode.Should().Be(inUse ? Owner | UnixFileMode.OtherRead : Owner);
        log.Lines.Any(line => line.Contains("chmod 700")).Should().Be(inUse);
    }

    [Test]
    public async Task A_folder_that_became_read_only_is_refused_with_a_reason()
    {
        if (Environment.IsPrivilegedProcess)
            Assert.Ignore("Nothing is read-only to root.");

        var task = Records.New();
        await using (var store = Open())
        {
            await store.AddAsync(task);
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            await store.Awaiting(s => s.TryReplaceAsync(task.Next("lost")).AsTask()).Should().ThrowAsync<IOException>()
                .WithMessage($"*{task.TaskId}.json*");
            (await store.FindAsync(task.TaskId)).Should().BeSameAs(task);

            File.SetUnixFileMode(folder, Owner);
            (await store.TryReplaceAsync(task.Next())).Should().BeTrue("the folder can be written to again");
        }

        File.Delete(Path.Combine(folder, "lock"));
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        FluentActions.Invoking(() => Open()).Should().Throw<IOException>().WithMessage($"*{folder}*belong to this user*");
        File.SetUnixFileMode(folder, Owner);
    }

    private FileTaskStore Open() => new(folder, logger: new LogOf<FileTaskStore>(log));
}
