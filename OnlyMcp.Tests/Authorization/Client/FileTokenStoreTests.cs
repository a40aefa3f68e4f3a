using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>The store of tokens that outlives its process.</summary>
[AuthorizationRequirement("CL29")]
public sealed class FileTokenStoreTests
{
    private static readonly TokenKey Key = new("https://login.example.com", "program", "https://mcp.example.com/mcp", "default");
    private static readonly StoredTokens Tokens = new() { Key = Key, AccessToken = "SECRET", RefreshToken = "0" };

    private RecordedLog log = null!;
    private string root = null!;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        log = new RecordedLog();
        root = Directory.CreateTempSubdirectory("onlymcp-tokens-").FullName;
        folder = Path.Combine(root, "of a program", "tokens");
    }

    [TearDown]
    public void TearDown()
    {
        log.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Test]
    public async Task What_was_saved_is_there_for_the_next_process()
    {
        await Open().SaveAsync(Tokens);

        (await Open().FindAsync(Key)).Should().BeEquivalentTo(Tokens);
        (await Open().FindLatestAsync(Key.Resource, Key.Profile)).Should().BeEquivalentTo(Tokens);
    }

    [Test]
    public async Task Nothing_is_made_before_there_is_something_to_keep()
    {
        var store = Open();

        (await store.FindAsync(Key)).Should().BeNull();
        (await store.FindLatestAsync(Key.Resource, Key.Profile)).Should().BeNull();
        (await store.FindRegistrationAsync(Key.Issuer, Key.Profile)).Should().BeNull();
        await store.RemoveAsync(Key);

        Directory.Exists(folder).Should().BeFalse();
        store.Folder.Should().Be(folder);
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("\0\0\0\0")]
    [TestCase("""{"version":1}""")]
    [TestCase("""{"version":2,"tokens":{"key":{"issuer":"i","clientId":"c","resource":"r","profile":"p"},"accessToken":"SECRET"}}""")]
    [TestCase("""{"version":1,"tokens":{"accessToken":"SECRET"}}""")]
    [TestCase("""{"version":1,"tokens":{"key":{"issuer":"i"},"accessToken":"SECRET"}}""")]
    [TestCase("""{"version":1,"tokens":{"key":null,"accessToken":"SECRET"}}""")]
    [TestCase("""{"version":1,"tokens":{"key":{"issuer":"i","clientId":"c","resource":"r","profile":"p"},"accessToken":null}}""")]
    [TestCase("""{"version":1,"tokens":{"key":{"issuer":"i","clientId":"c","resource":"r","profile":"p"},"accessToken":"a","scopes":[null]}}""")]
    [TestCase("""{"version":1,"order":-1,"tokens":{"key":{"issuer":"i","clientId":"c","resource":"r","profile":"p"},"accessToken":"a"}}""")]
    [TestCase("""{"version":1,"tokens":{"key":{"issuer":"i","clientId":"c","resource":"r","profile":"p"},"accessToken":"a","expiresAt":"SECRET"}}""")]
    [TestCase("""{"version":1,"profile":"p","client":{"clientId":"c","issuer":"i"}}""")]
    public async Task A_damaged_file_is_spoken_of_without_its_content_and_counts_as_absent(string text)
    {
        var store = Open();
        await store.SaveAsync(Tokens);
        await File.WriteAllTextAsync(TokensFile, text);

        (await store.FindAsync(Key)).Should().BeNull();
        (await store.FindLatestAsync(Key.Resource, Key.Profile)).Should().BeNull();

        log.Lines.Should().HaveCount(2).And.OnlyContain(line => line.StartsWith("Warning") && line.Contains(TokensFile) && !line.Contains("SECRET"));
        log.Exceptions.Should().BeEmpty("their messages could quote it");
        await store.SaveAsync(Tokens);
        (await store.FindAsync(Key)).Should().NotBeNull("the next sign-in mends it");
    }

    [Test]
    public async Task Whatever_bytes_are_damaged_a_file_is_read_or_spoken_of()
    {
        var chance = new Random(4);
        var store = Open();
        await store.SaveAsync(Tokens);
        var whole = await File.ReadAllBytesAsync(TokensFile);
        for (var i = 0; i < 300; i++)
        {
            var damaged = whole.ToArray();
            for (var damages = 0; damages <= i % 3; damages++)
                damaged[chance.Next(damaged.Length)] = (byte)chance.Next(256);
            await File.WriteAllBytesAsync(TokensFile, damaged);
            var before = log.Lines.Count();

            var found = await store.FindAsync(Key);

            (found is null || found.Key == Key).Should().BeTrue();
            (log.Lines.Count() - before).Should().BeLessThan(2);
        }
    }

    [Test]
    public async Task Tokens_under_the_name_of_others_are_not_taken_for_them()
    {
        var store = Open();
        var other = Key with { Issuer = "https://evil.example" };
        await store.SaveAsync(Tokens with { Key = other });
        File.Move(TokensFile, Path.Combine(folder, TokenFileName.Of(Key)));

        (await store.FindAsync(Key)).Should().BeNull();
    }

    [Test]
    public async Task What_is_too_large_is_neither_written_nor_read()
    {
        var store = Open();
        await store.Awaiting(s => s.SaveAsync(Tokens with { AccessToken = new string('x', 300_000) }).AsTask()).Should().ThrowAsync<ArgumentException>();
        await store.SaveAsync(Tokens);
        await File.WriteAllTextAsync(TokensFile, new string(' ', 300_000));

        (await store.FindAsync(Key)).Should().BeNull();
        log.Lines.Should().ContainSingle();
    }

    [Test]
    public async Task What_a_killed_process_had_not_written_to_its_end_is_removed()
    {
        var store = Open();
        await store.SaveAsync(Tokens);
        await File.WriteAllTextAsync(TokensFile + ".tmp", "{\"tokens\":");

        (await store.FindAsync(Key)).Should().NotBeNull();
        await store.SaveRegistrationAsync("default", new() { Issuer = Key.Issuer, ClientId = "c" });

        Directory.EnumerateFiles(folder, "*.tmp").Should().BeEmpty();
    }

    [Test]
    public async Task A_write_that_fails_leaves_the_tokens_before_it()
    {
        var store = Open();
        await store.SaveAsync(Tokens);
        Directory.CreateDirectory(TokensFile + ".tmp");

        await store.Awaiting(s => s.SaveAsync(Tokens with { AccessToken = "lost" }).AsTask()).Should().ThrowAsync<IOException>().WithMessage($"*{TokensFile}*");
        (await store.FindAsync(Key))!.AccessToken.Should().Be("SECRET");

        Directory.Delete(TokensFile + ".tmp");
        await store.SaveAsync(Tokens with { AccessToken = "kept" });
        (await store.FindAsync(Key))!.AccessToken.Should().Be("kept");
    }

    [Test]
    public async Task Who_has_it_locked_for_too_long_is_spoken_of()
    {
        var time = new ManualTime();
        var store = Open(time);
        await using var locked = await Open().LockAsync(Key);

        var waiting = store.LockAsync(Key).AsTask();
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        await waiting.Awaiting(task => task).Should().ThrowAsync<TimeoutException>().WithMessage("*locked for 60 seconds*End it*");
        time.GetUtcNow().Should().BeOnOrAfter(DateTimeOffset.UnixEpoch + TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task A_process_that_is_killed_has_nothing_locked_any_more()
    {
        await using var process = ChildProcess.Start(Programs.Command("SignIn", "hold", folder));
        (await process.ReadLineAsync()).Should().Be("locked");
        var waiting = Open().LockAsync(Key).AsTask();
        await (await Open().LockAsync(Key with { ClientId = "another" })).DisposeAsync();
        waiting.IsCompleted.Should().BeFalse("another process has it");

        process.Kill();

        await (await waiting.WaitAsync(TimeSpan.FromSeconds(60))).DisposeAsync();
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Refresh Tokens", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("CL29", "CL31")]
    public async Task A_refresh_token_is_presented_once_however_many_processes_renew_it()
    {
        const int Processes = 3;
        const int Renewals = 15;
        await Open().SaveAsync(Tokens);

        var processes = Enumerable.Range(0, Processes).Select(_ => ChildProcess.RunAsync(Programs.Command("SignIn", "renew", folder, $"{Renewals}")));
        var ends = await Task.WhenAll(processes);

        ends.Should().OnlyContain(end => end.ExitCode == 0 && end.Output.Trim() == "done", string.Join('\n', ends.Select(end => end.Errors)));
        (await File.ReadAllLinesAsync(Path.Combine(folder, "presented"))).Should().Equal(Enumerable.Range(0, Processes * Renewals).Select(i => $"{i}"));
        (await Open().FindAsync(Key))!.RefreshToken.Should().Be($"{Processes * Renewals}");
    }

    [Test]
    public async Task Nothing_that_a_killed_process_had_saved_is_lost()
    {
        var saved = 0;
        for (var life = 0; life < 2; life++)
        {
            await using var process = ChildProcess.Start(Programs.Command("SignIn", "write", folder));
            for (var i = 0; i < 60; i++)
                saved = NumberIn(await process.ReadLineAsync());
            process.Kill();
            saved = (await process.EndAsync()).Output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.EndsWith('.')).Select(NumberIn).DefaultIfEmpty(saved).Last();

            int.Parse((await Open().FindAsync(Key))!.RefreshToken!, null).Should().BeInRange(saved, saved + 1);
        }

        log.Lines.Should().BeEmpty("the file is there as a whole");

        static int NumberIn(string line) => int.Parse(line.Split(' ')[0], null);
    }

    [TestCase("/state", "/home/u", "/state/onlymcp/program")]
    [TestCase(null, "/home/u", "/home/u/.local/state/onlymcp/program")]
    [TestCase("", "/home/u", "/home/u/.local/state/onlymcp/program")]
    [TestCase("state", "/home/u", "/home/u/.local/state/onlymcp/program")]
    [Platform(Exclude = "Win")]
    public void The_default_folder_is_where_programs_of_this_user_keep_their_state(string? stateHome, string home, string folder) =>
        TokenPlace.OnUnix(stateHome, home, "program").Should().Be(folder);

    [Test]
    public void Each_program_has_a_default_folder_of_its_own()
    {
        FileTokenStore.DefaultFolder.Should().StartWith(Path.GetPathRoot(root)!).And.EndWith(TokenPlace.NameOf(System.Reflection.Assembly.GetEntryAssembly()!.GetName().Name));
        TokenPlace.NameOf("Studio Host/2").Should().Be("Studio-Host-2");
        TokenPlace.NameOf("..").Should().Be("program");
        TokenPlace.NameOf(null).Should().Be("program");
        FluentActions.Invoking(() => TokenPlace.OnUnix(null, "", "program")).Should().Throw<InvalidOperationException>().WithMessage("*name a folder*");
        FluentActions.Invoking(() => new FileTokenStore(" ")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new FileTokenStore(root, maxEntries: 0)).Should().Throw<ArgumentException>();
    }

    private string TokensFile => Directory.EnumerateFiles(folder, "tokens-*.json").Single();

    private FileTokenStore Open(TimeProvider? time = null) => new(folder, time: time, logger: new LogOf<FileTokenStore>(log));
}
