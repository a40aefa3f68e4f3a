using System.Runtime.Versioning;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>Who may look into a folder of tokens. Windows has no modes of files: there it is the business of the folder around.</summary>
[Platform(Exclude = "Win")]
[UnsupportedOSPlatform("windows")]
[AuthorizationRequirement("CL29", "CL30")]
public sealed class TokenFolderModeTests
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Owners = OwnersFile | UnixFileMode.UserExecute;

    private static readonly TokenKey Key = new("https://login.example.com", "program", "https://mcp.example.com/mcp", "default");
    private static readonly StoredTokens Tokens = new() { Key = Key, AccessToken = "token" };

    private string root = null!;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        root = Directory.CreateTempSubdirectory("onlymcp-tokens-").FullName;
        folder = Path.Combine(root, "state", "tokens");
    }

    [TearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    [Spec("2026-07-28 basic/authorization/security-considerations §Token Theft", 1, AtEveryRevision = true)]
    [Spec("2025-03-26 basic/authorization §Security Considerations", 1)]
    public async Task Tokens_are_their_owners_alone()
    {
        var store = new FileTokenStore(folder);
        await store.SaveAsync(Tokens);
        await store.SaveRegistrationAsync("default", new() { Issuer = Key.Issuer, ClientId = "c", ClientSecret = "s" });
        await (await store.LockAsync(Key)).DisposeAsync();

        new DirectoryInfo(folder).UnixFileMode.Should().Be(Owners);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            file.UnixFileMode.Should().Be(OwnersFile, file.Name);
    }

    [TestCase(UnixFileMode.GroupRead)]
    [TestCase(UnixFileMode.OtherExecute)]
    [TestCase(UnixFileMode.GroupWrite)]
    public async Task A_folder_that_others_can_look_into_is_refused(UnixFileMode others)
    {
        var store = new FileTokenStore(folder);
        await store.SaveAsync(Tokens);
        File.SetUnixFileMode(folder, Owners | others);

        await store.Awaiting(s => s.FindAsync(Key).AsTask()).Should().ThrowAsync<IOException>().WithMessage($"*chmod 700 '{folder}'*");
        await store.Awaiting(s => s.FindLatestAsync(Key.Resource, Key.Profile).AsTask()).Should().ThrowAsync<IOException>();
        await store.Awaiting(s => s.SaveAsync(Tokens).AsTask()).Should().ThrowAsync<IOException>().WithMessage($"*chmod 700 '{folder}'*");
        await store.Awaiting(s => s.LockAsync(Key).AsTask()).Should().ThrowAsync<IOException>();

        File.SetUnixFileMode(folder, Owners);
        (await store.FindAsync(Key)).Should().NotBeNull();
    }

    [Test]
    public async Task An_empty_folder_that_others_can_look_into_is_closed()
    {
        Directory.CreateDirectory(folder, Owners);
        File.SetUnixFileMode(folder, Owners | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await new FileTokenStore(folder).SaveAsync(Tokens);

        new DirectoryInfo(folder).UnixFileMode.Should().Be(Owners);
    }

    [TestCase(UnixFileMode.GroupRead)]
    [TestCase(UnixFileMode.OtherRead)]
    [TestCase(UnixFileMode.OtherWrite)]
    [Spec("2026-07-28 basic/authorization/security-considerations §Token Theft", 1, AtEveryRevision = true)]
    public async Task A_file_that_others_can_use_is_refused_until_it_is_closed(UnixFileMode others)
    {
        var store = new FileTokenStore(folder);
        await store.SaveAsync(Tokens);
        var file = Directory.EnumerateFiles(folder, "tokens-*").Single();
        File.SetUnixFileMode(file, OwnersFile | others);

        await store.Awaiting(s => s.FindAsync(Key).AsTask()).Should().ThrowAsync<IOException>().WithMessage($"*chmod 600 '{file}'*");

        File.SetUnixFileMode(file, OwnersFile);
        (await store.FindAsync(Key)).Should().NotBeNull();
    }

    [Test]
    public async Task A_link_to_another_place_is_refused()
    {
        var elsewhere = Path.Combine(root, "elsewhere");
        var store = new FileTokenStore(folder);
        await store.SaveAsync(Tokens);
        var file = Directory.EnumerateFiles(folder, "tokens-*").Single();
        File.Move(file, elsewhere);
        File.CreateSymbolicLink(file, elsewhere);

        await store.Awaiting(s => s.FindAsync(Key).AsTask()).Should().ThrowAsync<IOException>().WithMessage($"'{file}' is a link*");
        File.Delete(elsewhere);
        await store.Awaiting(s => s.FindAsync(Key).AsTask()).Should().ThrowAsync<IOException>("it leads nowhere, and may lead somewhere later");

        File.Delete(file);
        Directory.CreateSymbolicLink(Path.Combine(root, "link"), folder);
        var linked = new FileTokenStore(Path.Combine(root, "link"));
        await store.SaveAsync(Tokens);
        await linked.Awaiting(s => s.FindAsync(Key).AsTask()).Should().ThrowAsync<IOException>().WithMessage("*is a link*");
        await linked.Awaiting(s => s.SaveAsync(Tokens).AsTask()).Should().ThrowAsync<IOException>().WithMessage("*is a link*");
    }

    [Test]
    public async Task Nothing_is_written_through_a_link_that_stands_where_a_file_is_to_be()
    {
        var store = new FileTokenStore(folder);
        await store.SaveAsync(Tokens);
        var (file, victim) = (Directory.EnumerateFiles(folder, "tokens-*").Single(), Path.Combine(root, "victim"));
        await File.WriteAllTextAsync(victim, "not ours");
        File.CreateSymbolicLink(file + ".tmp", victim);

        await store.SaveAsync(Tokens with { AccessToken = "next" });

        (await File.ReadAllTextAsync(victim)).Should().Be("not ours");
        (await store.FindAsync(Key))!.AccessToken.Should().Be("next");
    }
}
