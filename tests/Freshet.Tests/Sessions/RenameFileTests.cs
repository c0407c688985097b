using System.Net;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Tests.Sessions;

/// <summary>Files of a torrent that are renamed.</summary>
public sealed class RenameFileTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 300_000, 50_000, 70_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_is_renamed_while_it_is_seeded_is_still_seeded()
    {
        await using Session seed = await SeedAsync();
        Torrent seeded = seed.Torrents[0];
        await using Session leech = await StartAsync("leech");
        TorrentOptions options = new() { Peers = [.. seed.ListenEndPoints], MaxDownloadRate = new DataRate(50_000) };
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(_sample.Torrent), options, Token);
        await Testing.Patience.Until(() => torrent.Status.PiecesHave > 0);

        // On both sides, in the middle of a transfer.
        await seeded.RenameFileAsync(0, "other/folder/name", Token);
        await torrent.RenameFileAsync(0, "sample/first", Token);
        await torrent.RenameFileAsync(2, "third/file", Token);
        Assert.Equal(_folder["seed/other/folder/name"], seeded.Files[0].StoredPath);
        Assert.Equal("sample/0/file 0", seeded.Files[0].Path);
        await torrent.ApplyAsync(torrent.Options with { MaxDownloadRate = null }, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        Assert.Equal(_sample.Files["sample/0/file 0"], await File.ReadAllBytesAsync(_folder["leech/sample/first"], Token));
        Assert.Equal(_sample.Files["sample/2/file 2"], await File.ReadAllBytesAsync(_folder["leech/third/file"], Token));
        Assert.False(File.Exists(_folder["leech/sample/0/file 0"]));
        Assert.Equal(TorrentState.Seeding, seeded.Status.State);
        Assert.Equal(0, torrent.Status.Wasted.Bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_renamed_file_is_found_at_the_next_start_and_deleted_by_its_name(bool restores)
    {
        await using (Session first = await SeedAsync(restores))
        {
            await first.Torrents[0].StopAsync(Token);
            await first.Torrents[0].RenameFileAsync(1, "sample/1/renamed", Token);
            await first.Torrents[0].RenameFileAsync(2, "away/renamed", Token);
        }

        await using Session second = await StartAsync("seed", restores);
        Torrent torrent = restores ? Assert.Single(second.Torrents)
            : await second.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        Assert.Equal(_folder["seed/sample/1/renamed"], torrent.Files[1].StoredPath);

        // The record is believed; otherwise all of it would be missing, and searched for in vain.
        byte[] other = new byte[70_000];
        DateTime written = File.GetLastWriteTimeUtc(torrent.Files[2].StoredPath);
        await File.WriteAllBytesAsync(torrent.Files[2].StoredPath, other, Token);
        File.SetLastWriteTimeUtc(torrent.Files[2].StoredPath, written);
        await torrent.StartAsync(Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        await second.RemoveAsync(torrent, RemoveMode.DeleteFiles, Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["seed"]));
    }

    [Fact]
    public async Task A_folder_is_renamed_with_everything_in_it()
    {
        await using Session session = await SeedAsync();
        Torrent torrent = session.Torrents[0];
        await torrent.RenameFolderAsync("sample", "other/name", Token);
        foreach ((string path, byte[] content) in _sample.Files)
        {
            string stored = _folder["seed/other/name/" + path["sample/".Length..]];
            Assert.Equal(content, await File.ReadAllBytesAsync(stored, Token));
            Assert.Contains(torrent.Files, file => file.StoredPath == stored);
        }

        await Assert.ThrowsAsync<ArgumentException>(() => torrent.RenameFolderAsync("sample", "x", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => torrent.RenameFolderAsync("other", "../x", Token));
        Assert.Equal(TorrentState.Seeding, torrent.Status.State);
        await session.RemoveAsync(torrent, RemoveMode.DeleteFiles, Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["seed"]));
    }

    [Fact]
    public async Task An_impossible_rename_is_refused_with_a_reason_of_its_own_and_changes_nothing()
    {
        await using Session session = await SeedAsync();
        Torrent torrent = session.Torrents[0];
        await File.WriteAllTextAsync(_folder["seed/taken"], "somebody's", Token);
        Directory.CreateDirectory(_folder["seed/folder"]);
        await Assert.ThrowsAsync<ArgumentException>(() => torrent.RenameFileAsync(0, "../outside", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => torrent.RenameFileAsync(0, "sample/1/file 1", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => torrent.RenameFileAsync(0, "sample/1/file 1/below", Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => torrent.RenameFileAsync(3, "x", Token));
        foreach (string taken in (string[])["taken", "folder"])
        {
            FreshetException exists = await Assert.ThrowsAsync<FreshetException>(() => torrent.RenameFileAsync(0, taken, Token));
            Assert.Equal(FreshetError.FileExists, exists.Error);
            Assert.Contains(_folder["seed/" + taken], exists.Message, StringComparison.Ordinal);
        }

        FreshetException storage = await Assert.ThrowsAsync<FreshetException>(() => torrent.RenameFileAsync(0, "taken/below", Token));
        Assert.Equal(FreshetError.Storage, storage.Error);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(_folder["seed/taken"], Token));
        _sample.AssertIn(_folder["seed"]);
        Assert.Equal(_folder["seed/sample/0/file 0"], torrent.Files[0].StoredPath);
        Assert.Equal(TorrentState.Seeding, torrent.Status.State);
        await torrent.RenameFileAsync(0, "sample/0/free", Token);
        Assert.True(File.Exists(_folder["seed/sample/0/free"]));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_not_renamed()
    {
        await using Session session = await SeedAsync();
        Torrent torrent = session.Torrents[0];
        await torrent.StopAsync(Token);
        Directory.Move(_folder["seed"], _folder["unplugged"]);
        FreshetException missing = await Assert.ThrowsAsync<FreshetException>(() => torrent.RenameFileAsync(0, "new", Token));
        Assert.Equal(FreshetError.Storage, missing.Error);
        Directory.Move(_folder["unplugged"], _folder["seed"]);
        await torrent.StartAsync(Token);
        await torrent.Completion.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task A_file_that_does_not_exist_yet_is_created_under_its_new_name()
    {
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true, Peers = [.. seed.ListenEndPoints] }, Token);
        for (int i = 0; i < 3; i++)
            await torrent.RenameFileAsync(i, $"{i}/renamed", Token);
        await torrent.StartAsync(Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        for (int i = 0; i < 3; i++)
            Assert.Equal(_sample.Files[$"sample/{i}/file {i}"], await File.ReadAllBytesAsync(_folder[$"leech/{i}/renamed"], Token));
        Assert.False(Directory.Exists(_folder["leech/sample"]));
    }

    private async Task<Session> SeedAsync(bool restores = true)
    {
        _sample.WriteTo(_folder["seed"]);
        Session session = await StartAsync("seed", restores);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        return session;
    }

    private Task<Session> StartAsync(string data, bool restores = true) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[data],
            StateFolder = _folder[data + " state"],
            RestoreTorrents = restores,
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        },
        Token);
}
