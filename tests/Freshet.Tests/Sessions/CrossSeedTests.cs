using System.Net;
using System.Security.Cryptography;
using Freshet.Core.Torrents;
using Freshet.FileSystem;

namespace Freshet.Tests.Sessions;

/// <summary>Torrents that are added where files exist already: their own, another torrent's, or somebody else's.</summary>
public sealed class CrossSeedTests : IDisposable
{
    private const string First = "sample/0/file 0";
    private const string Second = "sample/1/file 1";
    private const string Third = "sample/2/file 2";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 300_000, 50_000, 70_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Differences_in_an_existing_file_are_reported_and_only_overwritten_if_its_user_says_so()
    {
        _sample.WriteTo(_folder["leech"]);
        byte[] theirs = await File.ReadAllBytesAsync(_folder["leech/" + First], Token);
        theirs[100_000] ^= 1;
        await File.WriteAllBytesAsync(_folder["leech/" + First], theirs, Token);
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), Keeping() with { Peers = [.. seed.ListenEndPoints] }, Token);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(
            () => torrent.Completion.WaitAsync(Patience, Token));
        Assert.Contains(_folder["leech/" + First], failed.Message, StringComparison.Ordinal);
        Assert.Contains("piece 6", failed.Message, StringComparison.Ordinal);
        Assert.Equal(TorrentState.Failed, torrent.Status.State);
        Assert.Equal(theirs, await File.ReadAllBytesAsync(_folder["leech/" + First], Token));

        // It is still so at the next start, and after a restart of the program.
        await torrent.StartAsync(Token);
        await Assert.ThrowsAsync<TorrentFailedException>(() => torrent.Completion.WaitAsync(Patience, Token));
        await torrent.ApplyAsync(torrent.Options with { ExistingFiles = ExistingFiles.Continue }, Token);
        await torrent.StartAsync(Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        _sample.AssertIn(_folder["leech"]);
    }

    [Fact]
    public async Task A_file_that_differs_stays_when_it_becomes_wanted()
    {
        _sample.WriteTo(_folder["leech"]);
        byte[] theirs = RandomNumberGenerator.GetBytes(300_000);
        await File.WriteAllBytesAsync(_folder["leech/" + First], theirs, Token);
        await using Session leech = await StartAsync("leech");

        // The second one does not exist, and nobody has it.
        File.Delete(_folder["leech/sample/2/file 2"]);
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent),
            Keeping() with { FilePriorities = [FilePriority.Skip, FilePriority.Skip, FilePriority.Normal] },
            Token);
        await Testing.Patience.Until(() => torrent.Status.State == TorrentState.Downloading);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => torrent.ApplyAsync(torrent.Options with { FilePriorities = [] }, Token));
        Assert.Equal(FreshetError.FileExists, refused.Error);
        Assert.Equal(FilePriority.Skip, torrent.Options.FilePriorities[0]);
        Assert.Equal(theirs, await File.ReadAllBytesAsync(_folder["leech/" + First], Token));
    }

    [Theory]
    [InlineData(ExistingFiles.Continue, false)]
    [InlineData(ExistingFiles.Continue, true)]
    [InlineData(ExistingFiles.Keep, true)]
    public async Task A_file_that_is_a_link_to_the_users_is_never_written_to(ExistingFiles existing, bool isZeroed)
    {
        Requires.That(OperatingSystem.IsLinux(), "Other systems do not say how many names a file has.");
        _sample.WriteTo(_folder["leech"]);
        byte[] theirs = [.. _sample.Files[First]];
        theirs.AsSpan(98_304, 16_384).Clear();
        theirs[100_000] = (byte)(isZeroed ? 0 : 1);
        string original = _folder.Write("theirs", theirs);
        File.Delete(_folder["leech/" + First]);
        SystemFiles.Instance.Link(new FilePath(_folder["."], "theirs"), new FilePath(_folder["leech"], First));
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent),
            new TorrentOptions { ExistingFiles = existing, Peers = [.. seed.ListenEndPoints] },
            Token);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(
            () => torrent.Completion.WaitAsync(Patience, Token));
        Assert.Contains("piece 6. It has a second name (a hard link)", failed.Message, StringComparison.Ordinal);
        Assert.Equal(theirs, await File.ReadAllBytesAsync(original, Token));

        // A copy in its place may be completed.
        File.Delete(_folder["leech/" + First]);
        File.Copy(original, _folder["leech/" + First]);
        await torrent.ApplyAsync(torrent.Options with { ExistingFiles = ExistingFiles.Continue }, Token);
        await torrent.StartAsync(Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        _sample.AssertIn(_folder["leech"]);
        Assert.Equal(theirs, await File.ReadAllBytesAsync(original, Token));
    }

    [Fact]
    public async Task A_missing_neighbour_of_a_linked_file_is_downloaded()
    {
        _sample.WriteTo(_folder["leech"]);
        string original = _folder.Write("theirs", _sample.Files[First]);
        File.Delete(_folder["leech/" + First]);
        SystemFiles.Instance.Link(new FilePath(_folder["."], "theirs"), new FilePath(_folder["leech"], First));
        File.Delete(_folder["leech/" + Second]);
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        _sample.AssertIn(_folder["leech"]);
        Assert.Equal(_sample.Files[First], await File.ReadAllBytesAsync(original, Token));
    }

    [Theory]
    [InlineData(ExistingFiles.Continue)]
    [InlineData(ExistingFiles.Keep)]
    public async Task A_link_of_the_users_that_differs_is_not_written_with_a_neighbour_that_is_missing(ExistingFiles existing)
    {
        // Both are in one piece, which is downloaded whole.
        SampleData sample = SampleData.Make(64 * 1024, null, 5_000, 40_000);
        byte[] theirs = RandomNumberGenerator.GetBytes(5_000);
        string original = _folder.Write("theirs", theirs);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder["leech/" + First])!);
        SystemFiles.Instance.Link(new FilePath(_folder["."], "theirs"), new FilePath(_folder["leech"], First));
        await using Session seed = await SeedAsync(sample);
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent),
            new TorrentOptions { ExistingFiles = existing, Peers = [.. seed.ListenEndPoints] },
            Token);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(
            () => torrent.Completion.WaitAsync(Patience, Token));
        Assert.Contains("piece 0. It has a second name (a hard link)", failed.Message, StringComparison.Ordinal);
        Assert.Equal(theirs, await File.ReadAllBytesAsync(original, Token));
    }

    [Fact]
    public async Task Zeros_from_another_program_and_files_that_are_too_short_are_filled()
    {
        _sample.WriteTo(_folder["leech"]);
        byte[] begun = await File.ReadAllBytesAsync(_folder["leech/" + First], Token);
        begun.AsSpan(100_000, 150_000).Clear();
        begun.AsSpan(98_304, 1_696).Clear();
        begun.AsSpan(250_000, 12_144).Clear();
        await File.WriteAllBytesAsync(_folder["leech/" + First], begun, Token);
        await File.WriteAllBytesAsync(_folder["leech/" + Third], _sample.Files[Third][..40_000], Token);
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), Keeping() with { Peers = [.. seed.ListenEndPoints] }, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        _sample.AssertIn(_folder["leech"]);
    }

    [Theory]
    [InlineData(Third, 3)]
    [InlineData(Third, 69_999)]
    [InlineData(Second, 50_000)]
    public async Task A_file_that_another_program_made_is_not_filled_if_its_user_says_so(string path, int length)
    {
        // Nothing else is there, so no hash can tell what the shared pieces hold.
        byte[] theirs = await PutAsync(path, length);
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), Keeping() with { Peers = [.. seed.ListenEndPoints] }, Token);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(
            () => torrent.Completion.WaitAsync(Patience, Token));
        Assert.Contains(_folder["leech/" + path], failed.Message, StringComparison.Ordinal);
        Assert.Equal(theirs, await File.ReadAllBytesAsync(_folder["leech/" + path], Token));
    }

    [Theory]
    [InlineData(ExistingFiles.Continue)]
    [InlineData(ExistingFiles.Keep)]
    public async Task A_skipped_file_of_the_users_is_neither_written_to_nor_removed(ExistingFiles existing)
    {
        byte[] theirs = await PutAsync(Second, 50_000);
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent),
            new TorrentOptions
            {
                ExistingFiles = existing,
                FilePriorities = [FilePriority.Normal, FilePriority.Skip, FilePriority.Normal],
                Peers = [.. seed.ListenEndPoints],
            },
            Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        Assert.Equal(theirs, await File.ReadAllBytesAsync(_folder["leech/" + Second], Token));
        Assert.Equal(_sample.Files[First], await File.ReadAllBytesAsync(_folder["leech/" + First], Token));
        await leech.RemoveAsync(torrent, RemoveMode.DeleteFiles, Token);
        Assert.Equal(["file 1"], Directory.EnumerateFiles(_folder["leech"], "*", SearchOption.AllDirectories).Select(Path.GetFileName));
        Assert.Equal(theirs, await File.ReadAllBytesAsync(_folder["leech/" + Second], Token));
    }

    [Fact]
    public async Task A_removal_with_data_leaves_files_that_existed_before_and_differ()
    {
        // The first is longer than the torrent says, the second differs, and what the third shares with the second cannot be verified.
        _sample.WriteTo(_folder["leech"]);
        byte[] longer = [.. _sample.Files[First], 1, 2, 3];
        await File.WriteAllBytesAsync(_folder["leech/" + First], longer, Token);
        byte[] theirs = await PutAsync(Second, 50_000);
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(_sample.Torrent), Keeping(), Token);
        await Assert.ThrowsAsync<TorrentFailedException>(() => torrent.Completion.WaitAsync(Patience, Token));
        IAsyncEnumerable<SessionEvent> events = leech.ReadEventsAsync(Token);
        await leech.RemoveAsync(torrent, RemoveMode.DeleteFiles, Token);
        Assert.Equal(longer, await File.ReadAllBytesAsync(_folder["leech/" + First], Token));
        Assert.Equal(theirs, await File.ReadAllBytesAsync(_folder["leech/" + Second], Token));
        Assert.Equal(_sample.Files[Third], await File.ReadAllBytesAsync(_folder["leech/" + Third], Token));
        SessionEvent.Warning warning = await events.FirstAsync<SessionEvent.Warning>();
        Assert.Equal("3 files were there before the torrent and are not its data, and stay.", warning.Message);
    }

    [Fact]
    public async Task A_removal_with_data_of_a_torrent_that_never_ran_leaves_existing_files()
    {
        byte[] theirs = await PutAsync(First, 300_000);
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        await leech.RemoveAsync(torrent, RemoveMode.DeleteFiles, Token);
        Assert.Equal(theirs, await File.ReadAllBytesAsync(_folder["leech/" + First], Token));
    }

    [Fact]
    public async Task Files_that_this_program_has_begun_still_belong_to_the_torrent_at_the_next_start()
    {
        await using Session seed = await SeedAsync();
        await using (Session leech = await StartAsync("leech"))
        {
            Torrent torrent = await leech.AddAsync(
                TorrentSource.Bytes(_sample.Torrent), Keeping() with { Peers = [.. seed.ListenEndPoints] }, Token);
            await torrent.Completion.WaitAsync(Patience, Token);
        }

        byte[] damaged = await File.ReadAllBytesAsync(_folder["leech/" + First], Token);
        damaged[5] ^= 1;
        await File.WriteAllBytesAsync(_folder["leech/" + First], damaged, Token);
        await using Session again = await StartAsync("leech");
        Torrent restored = Assert.Single(again.Torrents);
        await restored.AddPeersAsync(seed.ListenEndPoints, Token);
        await restored.Completion.WaitAsync(Patience, Token);
        await again.DisposeAsync();
        _sample.AssertIn(_folder["leech"]);
    }

    [Fact]
    public async Task Two_torrents_that_would_write_one_path_are_refused_and_may_share_it_once_it_is_verified()
    {
        byte[] other = OtherTorrent();
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        Torrent first = await leech.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => leech.AddAsync(TorrentSource.Bytes(other), cancellationToken: Token));
        Assert.Equal(FreshetError.PathInUse, refused.Error);
        Assert.Contains(_folder["leech/" + First], refused.Message, StringComparison.Ordinal);
        Assert.Single(leech.Torrents);
        Assert.Single(Directory.GetFiles(_folder["leech state"], "*.torrent"));

        await first.AddPeersAsync(seed.ListenEndPoints, Token);
        await first.Completion.WaitAsync(Patience, Token);
        Torrent second = await leech.AddAsync(TorrentSource.Bytes(other), cancellationToken: Token);
        await second.Completion.WaitAsync(Patience, Token);
        Assert.Equal(TorrentState.Seeding, second.Status.State);

        // What one of them removes the other still has.
        await leech.RemoveAsync(second, RemoveMode.DeleteFiles, Token);
        _sample.AssertIn(_folder["leech"]);
        await leech.RemoveAsync(first, RemoveMode.DeleteFiles, Token);
        Assert.False(Directory.Exists(_folder["leech/sample"]));
    }

    [Fact]
    public async Task A_file_that_two_torrents_share_stays_when_one_is_moved_or_renamed()
    {
        _sample.WriteTo(_folder["leech"]);
        await using (Session leech = await StartAsync("leech"))
        {
            Torrent first = await leech.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
            await first.Completion.WaitAsync(Patience, Token);
            Torrent second = await leech.AddAsync(TorrentSource.Bytes(OtherTorrent()), cancellationToken: Token);
            await second.Completion.WaitAsync(Patience, Token);
            await RefusedAsync(() => first.MoveAsync(_folder["elsewhere"], null, Token));
            await RefusedAsync(() => first.RenameFileAsync(0, "sample/renamed", Token));

            // Nor if the other is not running: it would miss the file at its next start.
            await second.StopAsync(Token);
            await RefusedAsync(() => first.MoveAsync(_folder["elsewhere"], null, Token));
            await RefusedAsync(() => first.RenameFileAsync(0, "sample/renamed", Token));
            Assert.Equal(TorrentState.Seeding, first.Status.State);
        }

        await RefusedAsync(
            () => SavedTorrents.MoveAsync(_folder["leech state"], _sample.Metainfo.SwarmHash, _folder["elsewhere"], null, Token));
        await using Session again = await StartAsync("leech");
        Torrent[] both = [.. again.Torrents];
        await again.RemoveAsync(both.Single(torrent => torrent.InfoHash != _sample.Metainfo.SwarmHash), RemoveMode.KeepFiles, Token);
        Torrent left = Assert.Single(again.Torrents);
        await left.RenameFileAsync(0, "sample/renamed", Token);
        await left.MoveAsync(_folder["elsewhere"], null, Token);
        Assert.Equal(_sample.Files[First], await File.ReadAllBytesAsync(_folder["elsewhere/sample/renamed"], Token));
        Assert.Empty(Directory.EnumerateFiles(_folder["leech"], "*", SearchOption.AllDirectories));

        async Task RefusedAsync(Func<Task> change)
        {
            FreshetException refused = await Assert.ThrowsAsync<FreshetException>(change);
            Assert.Equal(FreshetError.PathInUse, refused.Error);
            Assert.Contains(_folder["leech/" + First], refused.Message, StringComparison.Ordinal);
            _sample.AssertIn(_folder["leech"]);
        }
    }

    [Fact]
    public async Task A_torrent_that_has_nothing_where_another_writes_can_be_moved_away()
    {
        await using Session session = await StartAsync("leech");
        Torrent first = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        await session.AddAsync(TorrentSource.Bytes(OtherTorrent()), cancellationToken: Token);
        await first.StartAsync(Token);
        Assert.Equal(TorrentState.Failed, first.Status.State);
        await first.MoveAsync(_folder["elsewhere"], null, Token);
        await first.StartAsync(Token);
        Assert.Equal(TorrentState.Downloading, first.Status.State);
    }

    [Fact]
    public async Task A_torrent_is_not_moved_to_where_another_would_write()
    {
        await using Session session = await StartAsync("leech");
        Torrent first = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        Torrent second = await session.AddAsync(
            TorrentSource.Bytes(OtherTorrent()), new TorrentOptions { DownloadFolder = _folder["other"] }, Token);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(() => second.MoveAsync(first.Folder, null, Token));
        Assert.Equal(FreshetError.PathInUse, refused.Error);
        Assert.Equal(_folder["other"], second.Folder);
    }

    [Fact]
    public async Task Files_of_another_torrent_are_not_overwritten()
    {
        await using Session seed = await SeedAsync();
        await using Session leech = await StartAsync("leech");
        Torrent first = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await first.Completion.WaitAsync(Patience, Token);

        // The same names and lengths, but other bytes.
        byte[] other = OtherTorrent(RandomNumberGenerator.GetBytes(20));
        Torrent second = await leech.AddAsync(TorrentSource.Bytes(other), cancellationToken: Token);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(
            () => second.Completion.WaitAsync(Patience, Token));
        Assert.Contains(_folder["leech/" + First], failed.Message, StringComparison.Ordinal);
        _sample.AssertIn(_folder["leech"]);
        Assert.Equal(TorrentState.Seeding, first.Status.State);
    }

    [Fact]
    public async Task A_torrent_that_was_stopped_does_not_start_where_another_writes()
    {
        await using Session session = await StartAsync("leech");
        Torrent first = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        Torrent second = await session.AddAsync(TorrentSource.Bytes(OtherTorrent()), cancellationToken: Token);
        await first.StartAsync(Token);
        Assert.Equal(TorrentState.Failed, first.Status.State);
        Assert.Contains(_folder["leech/" + First], first.Status.Why, StringComparison.Ordinal);
        await session.RemoveAsync(second, RemoveMode.KeepFiles, Token);
        await first.StartAsync(Token);
        Assert.Equal(TorrentState.Downloading, first.Status.State);
    }

    [Fact]
    public async Task A_torrent_that_waits_for_its_turn_keeps_others_away_from_its_paths()
    {
        await using Session session = await StartAsync("leech");
        await session.ApplyAsync(session.Options with { Queue = new QueueOptions { MaxActiveDownloads = 0 } });
        Torrent first = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await Testing.Patience.Until(() => first.Status.State == TorrentState.Queued);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => session.AddAsync(TorrentSource.Bytes(OtherTorrent()), cancellationToken: Token));
        Assert.Equal(FreshetError.PathInUse, refused.Error);
    }

    [Fact]
    public async Task If_two_start_at_once_and_both_would_write_one_of_them_does()
    {
        await using Session session = await StartAsync("leech");
        TorrentOptions stopped = new() { Stopped = true };
        Torrent first = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), stopped, Token);
        Torrent second = await session.AddAsync(TorrentSource.Bytes(OtherTorrent()), stopped, Token);
        for (int round = 0; round < 10; round++)
        {
            await Task.WhenAll(Task.Run(() => first.StartAsync(Token), Token), Task.Run(() => second.StartAsync(Token), Token));
            TorrentState[] states = [first.Status.State, second.Status.State];
            Assert.Single(states, TorrentState.Failed);
            Assert.Single(states, TorrentState.Downloading);
            await Task.WhenAll(first.StopAsync(Token), second.StopAsync(Token));
        }
    }

    [Fact]
    public async Task A_seed_does_not_select_a_file_that_another_writes()
    {
        await using Session session = await StartAsync("leech");
        Torrent first = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent),
            new TorrentOptions { FilePriorities = [FilePriority.Skip, FilePriority.Skip, FilePriority.Skip] },
            Token);
        await first.Completion.WaitAsync(Patience, Token);
        Torrent second = await session.AddAsync(TorrentSource.Bytes(OtherTorrent()), cancellationToken: Token);
        Assert.Equal(TorrentState.Downloading, second.Status.State);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => first.ApplyAsync(first.Options with { FilePriorities = [] }, Token));
        Assert.Equal(FreshetError.PathInUse, refused.Error);
        Assert.Equal(FilePriority.Skip, first.Options.FilePriorities[0]);
        await session.RemoveAsync(second, RemoveMode.KeepFiles, Token);
        await first.ApplyAsync(first.Options with { FilePriorities = [] }, Token);
        await Testing.Patience.Until(() => first.Status.State == TorrentState.Downloading);
    }

    [Fact]
    public async Task A_file_does_not_get_a_path_that_belongs_to_another_torrent()
    {
        await using Session session = await StartAsync("leech");
        SampleData another = SampleData.Make(16 * 1024, null, 40_000);
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(another.Torrent), new TorrentOptions { Stopped = true }, Token);
        await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        foreach (string path in new[] { First, First + "/below", "sample/0" })
        {
            FreshetException refused = await Assert.ThrowsAsync<FreshetException>(() => torrent.RenameFileAsync(0, path, Token));
            Assert.Equal(FreshetError.PathInUse, refused.Error);
        }

        await torrent.RenameFileAsync(0, "sample/0 of mine", Token);
        Assert.Equal(_folder["leech/sample/0 of mine"], torrent.Files[0].StoredPath);
    }

    private async Task<byte[]> PutAsync(string path, int length)
    {
        byte[] theirs = RandomNumberGenerator.GetBytes(length);
        string full = _folder["leech/" + path];
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        await File.WriteAllBytesAsync(full, theirs, Token);
        return theirs;
    }

    private static TorrentOptions Keeping() => new() { ExistingFiles = ExistingFiles.Keep };

    // The same files in other pieces.
    private byte[] OtherTorrent(byte[]? start = null) => TestTorrents.Of(
        "sample",
        32 * 1024,
        [.. (start ?? []).Concat(_sample.Files.Values.SelectMany(content => content).Skip(start?.Length ?? 0))],
        _sample.Files.Select(file => TestTorrents.FileOf(file.Key["sample/".Length..], file.Value.Length)));

    private Task<Session> SeedAsync() => SeedAsync(_sample);

    private async Task<Session> SeedAsync(SampleData sample)
    {
        sample.WriteTo(_folder["seed"]);
        Session session = await StartAsync("seed");
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
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
}
