using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

namespace Freshet.Tests.Sessions;

/// <summary>Torrents that are added by info-hash: they run before it is known what they contain, and continue when it is.</summary>
public sealed class MagnetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Existing_data_is_found_when_the_metadata_comes()
    {
        SampleData sample = Sample(300_000, 50_000);
        sample.WriteTo(_folder["data"]);
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Magnet(LinkOf(sample)), cancellationToken: Token);
        Assert.Equal(TorrentState.FetchingMetadata, torrent.Status.State);
        Assert.False(torrent.HasMetadata);
        Assert.Empty(torrent.Files);
        Assert.Equal("the link's name", torrent.Name);
        Task<TorrentMetainfo> metadata = torrent.WaitForMetadataAsync(Token);
        Assert.False(metadata.IsCompleted);

        torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
        TorrentMetainfo metainfo = await metadata.Bounded();
        Assert.Equal(sample.Metainfo.SwarmHash, metainfo.SwarmHash);
        Assert.Equal(sample.Metainfo.PieceHashes, metainfo.PieceHashes);
        await torrent.Completion.Bounded();
        Assert.Equal("sample", torrent.Name);
        Assert.Equal(2, torrent.Files.Length);
        Assert.Equal(0, torrent.Totals.Downloaded.Bytes);
    }

    [Fact]
    public async Task The_data_of_a_link_is_kept_with_the_torrent_and_the_next_start_needs_no_peers()
    {
        SampleData sample = Sample(300_000);
        MagnetLink link = new()
        {
            InfoHash = sample.Metainfo.InfoHash,
            Trackers = ["http://127.0.0.1:1/announce"],
            WebSeeds = ["http://127.0.0.1:1/data/"],
        };
        await using (Session first = await StartAsync())
        {
            Torrent torrent = await first.AddAsync(TorrentSource.Magnet(link), cancellationToken: Token);
            torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
            await torrent.WaitForMetadataAsync(Token).Bounded();
            CopyState();
        }

        // The moment when the metadata came, as after a kill.
        await using Session second = await StartAsync("copy");
        Torrent restored = Assert.Single(second.Torrents);
        Assert.True(restored.HasMetadata);
        TorrentMetainfo metainfo = await restored.WaitForMetadataAsync(Token).Bounded();
        Assert.Equal(link.Trackers, metainfo.Trackers.SelectMany(tier => tier));
        Assert.Equal(link.WebSeeds, metainfo.WebSeeds);
        Assert.Equal(sample.Metainfo.InfoBytes, metainfo.InfoBytes);
        await UntilAsync(restored, TorrentState.Downloading);
    }

    [Fact]
    public async Task A_link_that_is_added_again_finds_the_metadata_in_the_state_folder()
    {
        SampleData sample = Sample(300_000, 50_000);
        MagnetLink link = new() { InfoHash = sample.Metainfo.InfoHash, SelectedFiles = [new FileRange(1, 1)] };
        await using (Session first = await StartAsync(restores: false))
        {
            Torrent torrent = await first.AddAsync(TorrentSource.Magnet(link), cancellationToken: Token);
            torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
            await torrent.WaitForMetadataAsync(Token).Bounded();
        }

        await using Session second = await StartAsync(restores: false);
        Torrent again = await second.AddAsync(
            TorrentSource.Magnet(link with { Trackers = ["http://127.0.0.1:1/announce"] }), cancellationToken: Token);
        Assert.True(again.HasMetadata);
        Assert.Equal([FilePriority.Skip, FilePriority.Normal], again.Options.FilePriorities);
        Assert.Equal("http://127.0.0.1:1/announce", Assert.Single(again.Trackers).Url);
    }

    [Fact]
    public async Task A_torrent_without_metadata_is_restored_with_everything_that_its_link_says()
    {
        SampleData sample = Sample(300_000, 50_000, 70_000);
        MagnetLink link = new()
        {
            InfoHash = sample.Metainfo.InfoHash,
            DisplayName = "the link's name",
            Trackers = ["http://127.0.0.1:1/announce"],
            Peers = ["127.0.0.1:1"],
            SelectedFiles = [new FileRange(0, 0), new FileRange(2, 9)],
        };
        await using (Session first = await StartAsync())
            await first.AddAsync(TorrentSource.Magnet(link), new TorrentOptions { MaxPeers = 7 }, Token);

        await using Session second = await StartAsync();
        Assert.Empty(second.RestoreErrors);
        Torrent torrent = Assert.Single(second.Torrents);
        await UntilAsync(torrent, TorrentState.FetchingMetadata);
        Assert.Equal("the link's name", torrent.Name);
        Assert.Equal(7, torrent.Options.MaxPeers);
        Assert.Equal(link.Peers, torrent.Actor.Identity.Peers);
        Assert.Equal(link.Trackers, torrent.Trackers.Select(tracker => tracker.Url));
        Assert.Equal(1, second.Status.FetchingMetadata);

        torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
        await UntilAsync(torrent, TorrentState.Downloading);
        Assert.Equal([FilePriority.Normal, FilePriority.Skip, FilePriority.Normal], torrent.Options.FilePriorities);
        Assert.False(File.Exists(torrent.Files[1].StoredPath));
        Assert.True(torrent.Status.Left.Bytes < sample.Metainfo.Layout.TotalLength);
    }

    [Fact]
    public async Task The_users_choice_of_files_overrides_that_of_the_link()
    {
        SampleData sample = Sample(300_000, 50_000);
        MagnetLink link = new() { InfoHash = sample.Metainfo.InfoHash, SelectedFiles = [new FileRange(0, 0)] };
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Magnet(link), cancellationToken: Token);
        await torrent.ApplyAsync(torrent.Options with { FilePriorities = [FilePriority.Skip, FilePriority.High] }, Token);
        torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
        await UntilAsync(torrent, TorrentState.Downloading);
        Assert.Equal([FilePriority.Skip, FilePriority.High], torrent.Options.FilePriorities);
    }

    [Fact]
    public async Task A_link_that_selects_no_existing_file_selects_nothing()
    {
        SampleData sample = Sample(300_000);
        MagnetLink link = new() { InfoHash = sample.Metainfo.InfoHash, SelectedFiles = [new FileRange(5, 9)] };
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Magnet(link), cancellationToken: Token);
        torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
        await UntilAsync(torrent, TorrentState.Downloading);
        Assert.Equal(300_000, torrent.Status.Left.Bytes);
    }

    [Fact]
    public async Task Before_its_metadata_is_known_a_torrent_is_stopped_started_rechecked_and_removed_like_any_other()
    {
        SampleData sample = Sample(300_000);
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.InfoHash(sample.Metainfo.InfoHash!.Value), new TorrentOptions { Stopped = true }, Token);
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);
        Assert.Equal(sample.Metainfo.SwarmHash.ToString(), torrent.Name);
        await torrent.StartAsync(Token).Bounded();
        await UntilAsync(torrent, TorrentState.FetchingMetadata);
        await torrent.RecheckAsync(Token).Bounded();
        Assert.Equal(TorrentState.FetchingMetadata, torrent.Status.State);
        await torrent.ApplyAsync(torrent.Options with { Sequential = true }, Token).Bounded();
        await torrent.ReannounceAsync(Token).Bounded();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => torrent.SetDeadlinesAsync([new PieceIndex(0)], default, Token));
        await torrent.StopAsync(Token).Bounded();
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);

        // It comes while nobody waits for it.
        torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
        await torrent.WaitForMetadataAsync(Token).Bounded();
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);
        Assert.False(Directory.Exists(_folder["data"]));
        await torrent.StartAsync(Token).Bounded();
        await UntilAsync(torrent, TorrentState.Downloading);
    }

    [Fact]
    public async Task A_torrent_that_is_removed_before_its_metadata_is_known_leaves_nothing()
    {
        SampleData sample = Sample(300_000);
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Magnet(LinkOf(sample)), cancellationToken: Token);
        Assert.True(File.Exists(_folder[$"state/{torrent.InfoHash}.magnet"]));
        Task<TorrentMetainfo> metadata = torrent.WaitForMetadataAsync(Token);
        await session.RemoveAsync(torrent, RemoveMode.DeleteFiles, Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => metadata.Bounded());
        Assert.Empty(Directory.EnumerateFiles(_folder["state"], torrent.InfoHash + "*"));
        Assert.False(Directory.Exists(_folder["data"]));
        await session.AddAsync(TorrentSource.Magnet(LinkOf(sample)), cancellationToken: Token);
    }

    [Fact]
    public async Task Metadata_that_cannot_be_used_fails_the_torrent_with_the_reason()
    {
        byte[] info = "d6:lengthi5e4:name1:x12:piece lengthi7ee"u8.ToArray();
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.InfoHash(new InfoHash(System.Security.Cryptography.SHA1.HashData(info))), cancellationToken: Token);
        Task<TorrentMetainfo> metadata = torrent.WaitForMetadataAsync(Token);
        torrent.Actor.PostMetadata(info);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(() => metadata.Bounded());
        Assert.Contains("metadata, as peers gave it, cannot be used", failed.Message, StringComparison.Ordinal);
        await UntilAsync(torrent, TorrentState.Failed);
        Assert.Equal(TorrentReason.UnusableMetadata, torrent.Status.ReasonCode);
        await torrent.StartAsync(Token).Bounded();
        await UntilAsync(torrent, TorrentState.FetchingMetadata);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_torrent_file_gives_a_waiting_link_its_metadata_and_its_trackers(bool isStopped)
    {
        SampleData sample = SampleData.Make(16 * 1024, "http://127.0.0.1:2/announce", 300_000);
        sample.WriteTo(_folder["data"]);
        MagnetLink link = new() { InfoHash = sample.Metainfo.InfoHash, Trackers = ["http://127.0.0.1:1/announce"] };
        await using (Session session = await StartAsync())
        {
            Torrent torrent = await session.AddAsync(
                TorrentSource.Magnet(link), new TorrentOptions { MaxPeers = 7, Stopped = isStopped }, Token);
            Assert.Same(torrent, await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token));
            Assert.True(torrent.HasMetadata);
            Assert.Equal(7, torrent.Options.MaxPeers);
            if (!isStopped)
                await torrent.Completion.Bounded();
            FreshetException again = await Assert.ThrowsAsync<FreshetException>(
                () => session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token));
            Assert.Equal(FreshetError.TorrentExists, again.Error);
        }

        await using Session next = await StartAsync();
        TorrentMetainfo known = await Assert.Single(next.Torrents).WaitForMetadataAsync(Token);
        Assert.Equal(["http://127.0.0.1:1/announce", "http://127.0.0.1:2/announce"], known.Trackers.SelectMany(tier => tier));
    }

    [Fact]
    public async Task A_state_folder_that_cannot_keep_the_metadata_fails_the_torrent_until_it_can()
    {
        SampleData sample = Sample(300_000);
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Magnet(LinkOf(sample)), cancellationToken: Token);

        // Nothing can be written where a folder is.
        string inTheWay = _folder[$"state/{torrent.InfoHash}.torrent.tmp"];
        Directory.CreateDirectory(inTheWay);
        torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
        await UntilAsync(torrent, TorrentState.Failed);
        Assert.Equal(TorrentReason.StateNotWritable, torrent.Status.ReasonCode);
        Assert.Contains("cannot be kept", torrent.Status.Reason, StringComparison.Ordinal);

        Directory.Delete(inTheWay);
        await torrent.StartAsync(Token).Bounded();
        torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
        await UntilAsync(torrent, TorrentState.Downloading);
    }

    [Fact]
    public async Task A_torrent_that_exists_already_is_refused_however_it_is_named()
    {
        SampleData sample = Sample(300_000);
        await using Session session = await StartAsync();
        await session.AddAsync(TorrentSource.Magnet(LinkOf(sample)), cancellationToken: Token);
        TorrentSource[] same =
        [
            TorrentSource.Magnet(LinkOf(sample)),
            TorrentSource.InfoHash(sample.Metainfo.InfoHash!.Value),
        ];
        foreach (TorrentSource source in same)
        {
            FreshetException refused = await Assert.ThrowsAsync<FreshetException>(() => session.AddAsync(source, cancellationToken: Token));
            Assert.Equal(FreshetError.TorrentExists, refused.Error);
        }
    }

    [Theory]
    [InlineData("magnet:?dn=x", "has no info-hash")]
    [InlineData("magnet:?xt=urn:btih:12", "40 hexadecimal or 32 base-32 digits, this has 2")]
    [InlineData("http://example.org", "begins with magnet:?")]
    public async Task A_link_that_cannot_be_used_is_refused_with_the_position(string link, string reason)
    {
        await using Session session = await StartAsync();
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => session.AddAsync(TorrentSource.Magnet(link), cancellationToken: Token));
        Assert.Equal(FreshetError.Malformed, refused.Error);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_link_file_is_set_aside_and_reported()
    {
        SampleData sample = Sample(300_000);
        await using (Session first = await StartAsync())
            await first.AddAsync(TorrentSource.Magnet(LinkOf(sample)), cancellationToken: Token);
        string path = _folder[$"state/{sample.Metainfo.SwarmHash}.magnet"];
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 3] ^= 1;
        File.WriteAllBytes(path, bytes);

        await using Session second = await StartAsync();
        Assert.Empty(second.Torrents);
        Assert.Contains("checksum", Assert.Single(second.RestoreErrors), StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(path + ".bad"));
    }

    [Fact]
    public async Task Metadata_that_is_damaged_on_disk_is_fetched_again()
    {
        SampleData sample = Sample(300_000);
        await using (Session first = await StartAsync())
        {
            Torrent torrent = await first.AddAsync(TorrentSource.Magnet(LinkOf(sample)), cancellationToken: Token);
            torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
            await torrent.WaitForMetadataAsync(Token).Bounded();
        }

        File.WriteAllBytes(_folder[$"state/{sample.Metainfo.SwarmHash}.torrent"], [1, 2, 3]);
        await using Session second = await StartAsync();
        Torrent restored = Assert.Single(second.Torrents);
        await UntilAsync(restored, TorrentState.FetchingMetadata);
        restored.Actor.PostMetadata(sample.Metainfo.InfoBytes);
        await UntilAsync(restored, TorrentState.Downloading);
    }

    [Fact]
    public async Task A_torrent_that_stops_at_its_metadata_creates_nothing_until_it_is_started()
    {
        SampleData sample = Sample(300_000, 0);
        TorrentOptions options = new() { StopAtMetadata = true };
        await using (Session session = await StartAsync())
        {
            Torrent torrent = await session.AddAsync(TorrentSource.Magnet(LinkOf(sample)), options, Token);
            torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
            await torrent.WaitForMetadataAsync(Token).Bounded();
            await UntilAsync(torrent, TorrentState.Stopped);
            Assert.Equal(2, torrent.Files.Length);
            Assert.True(MetainfoReader.TryRead(await torrent.ExportAsync(Token), out TorrentMetainfo? exported, out _));
            Assert.Equal(sample.Metainfo.SwarmHash, exported.SwarmHash);
        }

        Assert.False(Directory.Exists(_folder["data"]));
        await using Session second = await StartAsync();
        Torrent restored = Assert.Single(second.Torrents);
        Assert.Equal(TorrentState.Stopped, restored.Status.State);
        Assert.True(restored.Options.StopAtMetadata);
        await restored.StartAsync(Token).Bounded();
        await UntilAsync(restored, TorrentState.Downloading);
        await second.RemoveAsync(restored, RemoveMode.DeleteFiles, Token);

        // One whose metadata is known is not started at all.
        Torrent known = await second.AddAsync(TorrentSource.Bytes(sample.Torrent), options, Token);
        Assert.Equal(TorrentState.Stopped, known.Status.State);
    }

    [Fact]
    public async Task Saved_torrents_without_metadata_are_listed_and_forgotten()
    {
        SampleData sample = Sample(300_000);
        await using (Session first = await StartAsync())
            await first.AddAsync(TorrentSource.Magnet(LinkOf(sample)), cancellationToken: Token);
        SavedTorrent saved = Assert.Single(await SavedTorrents.ReadAsync(_folder["state"], Token));
        Assert.Equal("the link's name", saved.Name);
        Assert.False(saved.HasMetadata);
        Assert.Equal(_folder["data"], saved.Folder);
        Assert.Null(saved.Warning);
        Assert.True(await SavedTorrents.ForgetAsync(_folder["state"], saved.InfoHash, Token));
        Assert.Empty(await SavedTorrents.ReadAsync(_folder["state"], Token));
    }

    [Fact]
    public async Task Peers_that_came_before_the_metadata_stay_when_it_is_there()
    {
        SampleData sample = Sample(3_000_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed state", folder: "seed");
        Torrent seeding = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await seeding.Completion.Bounded();

        // The leecher does not dial: the seed finds it by its hash.
        await using Session leech = await StartAsync();
        IAsyncEnumerable<SessionEvent> events = leech.ReadEventsAsync(Token);
        Torrent torrent = await leech.AddAsync(TorrentSource.Magnet(LinkOf(sample)), cancellationToken: Token);
        await seeding.AddPeersAsync([.. leech.ListenEndPoints], Token);
        await Patience.Until(() => torrent.Status.Peers == 1 || torrent.HasMetadata);
        torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["data"]);

        List<SessionEvent> seen = [];
        await foreach (SessionEvent happened in events)
        {
            seen.Add(happened);
            if (happened is SessionEvent.TorrentCompleted)
                break;
        }

        Assert.Single(seen.OfType<SessionEvent.PeerConnected>());
        Assert.Single(seen.OfType<SessionEvent.MetadataReceived>());
        Assert.Equal(
            [TorrentState.FetchingMetadata, TorrentState.Downloading, TorrentState.Seeding],
            seen.OfType<SessionEvent.StateChanged>().Select(changed => changed.State));
    }

    private static SampleData Sample(params int[] lengths) => SampleData.Make(16 * 1024, null, lengths);

    private static MagnetLink LinkOf(SampleData sample) =>
        new() { InfoHash = sample.Metainfo.InfoHash, DisplayName = "the link's name" };

    private static Task UntilAsync(Torrent torrent, TorrentState state) => Patience.Until(() => torrent.Status.State == state);

    private void CopyState()
    {
        Directory.CreateDirectory(_folder["copy"]);
        foreach (string file in Directory.EnumerateFiles(_folder["state"]).Where(file => Path.GetFileName(file) != "lock"))
            File.Copy(file, Path.Combine(_folder["copy"], Path.GetFileName(file)));
    }

    private Task<Session> StartAsync(string state = "state", bool restores = true, string folder = "data") => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[folder],
            StateFolder = _folder[state],
            RestoreTorrents = restores,
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        },
        Token);
}
