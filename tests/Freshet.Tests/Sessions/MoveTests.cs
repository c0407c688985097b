using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Tests.Sessions;

/// <summary>Torrents whose files are moved, on one file system and to another.</summary>
public sealed class MoveTests : IDisposable
{
    private const string SharedMemory = "/dev/shm";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly string _elsewhere = Path.Combine(SharedMemory, "freshet-" + Guid.NewGuid().ToString("N"));
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 300_000, 50_000, 0, 70_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        if (Directory.Exists(_elsewhere))
            Directory.Delete(_elsewhere, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_download_continues_in_the_folder_that_it_was_moved_to(bool isToAnotherDisk)
    {
        string target = isToAnotherDisk ? Elsewhere() : _folder["moved/deep"];
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent),
            new TorrentOptions { Peers = [.. seed.ListenEndPoints], MaxDownloadRate = new DataRate(100_000) },
            Token);
        await Testing.Patience.Until(() => torrent.Status.PiecesHave > 3);
        List<MoveProgress> steps = [];
        await torrent.MoveAsync(target, new Steps(steps), Token);
        int before = torrent.Status.PiecesHave;
        Assert.True(before > 3);
        Assert.Equal(target, torrent.Folder);
        Assert.NotEmpty(steps);
        Assert.Equal(steps[^1].Total, steps[^1].Moved);
        Assert.False(Directory.Exists(_folder["leech/sample"]));
        await torrent.ApplyAsync(torrent.Options with { MaxDownloadRate = null }, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        await leech.DisposeAsync();
        _sample.AssertIn(target);

        // The next start knows the folder, and nothing is checked again.
        await using Session again = await StartAsync("leech");
        Torrent restored = Assert.Single(again.Torrents);
        Assert.Equal(target, restored.Folder);
        await restored.Completion.WaitAsync(Patience, Token);
        await again.RemoveAsync(restored, RemoveMode.DeleteFiles, Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(target));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_incomplete_torrent_lies_in_a_folder_of_its_own_until_it_is_complete(bool isToAnotherDisk)
    {
        string incomplete = isToAnotherDisk ? Elsewhere() : _folder["incomplete"];
        await using Session seed = await SeedAsync();

        // One that lacks a file: nothing is complete before it should be.
        _sample.WriteTo(_folder["partial"]);
        File.Delete(Path.Combine(_folder["partial"], _sample.Metainfo.Files[^1].Path));
        await using Session partial = await StartAsync("partial");
        await partial.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await using (Session leech = await StartAsync("leech"))
        {
            Torrent begun = await leech.AddAsync(
                TorrentSource.Bytes(_sample.Torrent),
                new TorrentOptions { Peers = [.. partial.ListenEndPoints], IncompleteFolder = incomplete },
                Token);
            await Testing.Patience.Until(() => begun.Status.PiecesHave > 3);
            Assert.Equal(incomplete, begun.Folder);
        }

        Assert.True(Directory.Exists(Path.Combine(incomplete, "sample")));
        await using Session again = await StartAsync("leech");
        Torrent torrent = Assert.Single(again.Torrents);
        Assert.Equal(incomplete, torrent.Folder);
        await torrent.AddPeersAsync(seed.ListenEndPoints, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        Assert.Equal(_folder["leech"], torrent.Folder);
        _sample.AssertIn(_folder["leech"]);
        Assert.False(Directory.Exists(Path.Combine(incomplete, "sample")));
        Assert.Equal(TorrentState.Seeding, torrent.Status.State);
    }

    [Fact]
    public async Task A_complete_torrent_stays_in_its_own_folder_if_somebody_has_taken_its_final_place()
    {
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        IAsyncEnumerable<SessionEvent> events = leech.ReadEventsAsync(Token);
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { IncompleteFolder = _folder["incomplete"] }, Token);
        string taken = _folder["leech/sample/1/file 1"];
        Directory.CreateDirectory(Path.GetDirectoryName(taken)!);
        await File.WriteAllTextAsync(taken, "somebody's", Token);
        await torrent.AddPeersAsync(seed.ListenEndPoints, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        await Testing.Patience.Until(() => torrent.Status.State == TorrentState.Seeding);
        Assert.Equal(_folder["incomplete"], torrent.Folder);
        _sample.AssertIn(_folder["incomplete"]);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(taken, Token));
        Assert.Equal([taken], Directory.EnumerateFiles(_folder["leech"], "*", SearchOption.AllDirectories));
        SessionEvent.Warning warning = await events.FirstAsync<SessionEvent.Warning>();
        Assert.StartsWith($"The torrent is complete, and stays in {_folder["incomplete"]}.", warning.Message, StringComparison.Ordinal);
        Assert.Contains(taken, warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_way_stays_and_the_seed_goes_on()
    {
        await using Session seed = await SeedAsync();
        Torrent torrent = seed.Torrents[0];
        Directory.CreateDirectory(_folder["full/sample/1"]);
        await File.WriteAllTextAsync(_folder["full/sample/1/file 1"], "somebody's", Token);
        FreshetException error = await Assert.ThrowsAsync<FreshetException>(() => torrent.MoveAsync(_folder["full"], null, Token));
        Assert.Equal(FreshetError.FileExists, error.Error);
        Assert.Contains(_folder["full/sample/1/file 1"], error.Message, StringComparison.Ordinal);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(_folder["full/sample/1/file 1"], Token));
        Assert.Equal(["1"], Directory.EnumerateFileSystemEntries(_folder["full/sample"]).Select(Path.GetFileName));
        _sample.AssertIn(_folder["seed"]);
        Assert.Equal(TorrentState.Seeding, torrent.Status.State);
    }

    [Fact]
    public async Task A_torrent_of_a_state_folder_is_moved_and_rechecked_without_a_session_but_not_while_one_runs()
    {
        Session seed = await SeedAsync();
        await using (seed)
        {
            FreshetException locked = await Assert.ThrowsAsync<FreshetException>(
                () => SavedTorrents.MoveAsync(_folder["seed state"], _sample.Metainfo.SwarmHash, _folder["moved"], null, Token));
            Assert.Equal(FreshetError.Locked, locked.Error);
            _sample.AssertIn(_folder["seed"]);
        }

        await SavedTorrents.MoveAsync(_folder["seed state"], _sample.Metainfo.SwarmHash, _folder["moved"], null, Token);
        _sample.AssertIn(_folder["moved"]);
        Assert.False(Directory.Exists(_folder["seed/sample"]));
        Assert.Equal(_folder["moved"], (await SavedTorrents.ReadAsync(_folder["seed state"], Token))[0].Folder);

        // One byte of the last piece goes bad, and only its hash shows it.
        string last = _folder["moved/sample/0/file 3"];
        DateTime written = File.GetLastWriteTimeUtc(last);
        byte[] content = await File.ReadAllBytesAsync(last, Token);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(last, content, Token);
        File.SetLastWriteTimeUtc(last, written);
        Bitfield good = await SavedTorrents.RecheckAsync(_folder["seed state"], _sample.Metainfo.SwarmHash, null, Token);
        Assert.Equal(_sample.Metainfo.Layout.PieceCount - 1, good.Count);
        await using Session again = await StartAsync("seed");
        Torrent torrent = Assert.Single(again.Torrents);
        await Testing.Patience.Until(() => torrent.Status.State == TorrentState.Downloading);
        Assert.Equal(good.Count, torrent.Status.PiecesHave);
    }

    private string Elsewhere()
    {
        Requires.That(Directory.Exists(SharedMemory), "There is no second file system to move files to.");
        return _elsewhere;
    }

    private async Task<Session> SeedAsync()
    {
        _sample.WriteTo(_folder["seed"]);
        Session session = await StartAsync("seed");
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        return session;
    }

    private Task<Session> StartAsync(string data) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[data],
            StateFolder = _folder[data + " state"],
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        },
        Token);

    private sealed class Steps(List<MoveProgress> steps) : IProgress<MoveProgress>
    {
        public void Report(MoveProgress value) => steps.Add(value);
    }
}
