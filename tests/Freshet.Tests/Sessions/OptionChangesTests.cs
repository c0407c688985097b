using System.Collections.Immutable;
using System.Net;

namespace Freshet.Tests.Sessions;

/// <summary>Options that several callers change at once, or while files are moved.</summary>
public sealed class OptionChangesTests : IDisposable
{
    private const int FileCount = 30;
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, [.. Enumerable.Repeat(20_000, FileCount)]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changes_made_at_once_are_all_kept(bool isRunning)
    {
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent),
            new TorrentOptions { Stopped = !isRunning, FilePriorities = [.. Enumerable.Repeat(FilePriority.Low, FileCount)] },
            Token);
        Task ofFiles = Task.WhenAll(Enumerable.Range(0, FileCount).Select(file => Task.Run(() => torrent.ApplyAsync(
            options => options with { FilePriorities = options.FilePriorities.SetItem(file, FilePriority.High) }, Token))));
        Task ofOthers = Task.WhenAll(Enumerable.Range(0, FileCount).Select(i => Task.Run(() => torrent.ApplyAsync(
            options => options with { UserData = options.UserData.SetItem($"key {i}", "value") }, Token))));
        await Task.WhenAll(ofFiles, ofOthers).Bounded();
        Assert.All(torrent.Options.FilePriorities, priority => Assert.Equal(FilePriority.High, priority));
        Assert.Equal(FileCount, torrent.Options.UserData.Count);
        TorrentOptions saved = (await SavedAsync()).Options;
        Assert.Equal(torrent.Options.FilePriorities, saved.FilePriorities);
        Assert.Equal(FileCount, saved.UserData.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_that_are_selected_during_a_move_stay_in_their_new_folder(bool replacesAll)
    {
        _sample.WriteTo(_folder["data"]);
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await torrent.Completion.Bounded();
        using Gate gate = new();
        Task moving = torrent.MoveAsync(_folder["elsewhere"], gate, Token);
        await gate.Reached.Bounded();
        FilePriority[] chosen = [.. Enumerable.Repeat(FilePriority.High, FileCount)];
        Task applying = replacesAll
            ? torrent.ApplyAsync(torrent.Options with { FilePriorities = [.. chosen], MaxPeers = 7 }, Token)
            : torrent.ApplyAsync(options => options with { FilePriorities = [.. chosen], MaxPeers = 7 }, Token);
        gate.Open();
        await Task.WhenAll(moving, applying).Bounded();
        Assert.Equal(_folder["elsewhere"], torrent.Folder);
        Assert.Equal(_folder["elsewhere"], torrent.Options.DownloadFolder);
        Assert.Equal(_folder["elsewhere"], (await SavedAsync()).Folder);
        Assert.Equal(chosen, torrent.Options.FilePriorities);
        Assert.Equal(7, torrent.Options.MaxPeers);
    }

    [Fact]
    public async Task The_last_of_several_choices_of_files_holds()
    {
        _sample.WriteTo(_folder["data"]);
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await torrent.Completion.Bounded();
        ImmutableArray<FilePriority> first = torrent.Options.FilePriorities;
        int before = torrent.Options.MaxPeers;
        using Gate gate = new();
        Task moving = torrent.MoveAsync(_folder["elsewhere"], gate, Token);
        await gate.Reached.Bounded();

        // The second choice equals the current one, since the first waits for the move. A change that selects no files waits for neither,
        // and is made once.
        FilePriority[] chosen = [.. Enumerable.Repeat(FilePriority.High, FileCount)];
        Task other = torrent.ApplyAsync(options => options with { FilePriorities = [.. chosen] }, Token);
        Task back = torrent.ApplyAsync(options => options with { FilePriorities = first }, Token);
        Task more = torrent.ApplyAsync(options => options with { MaxPeers = options.MaxPeers + 7 }, Token);
        await Testing.Patience.Until(() => torrent.Options.MaxPeers == before + 7);
        gate.Open();
        await Task.WhenAll(moving, other, back, more).Bounded();
        Assert.Equal(before + 7, torrent.Options.MaxPeers);
        Assert.Equal(first, torrent.Options.FilePriorities);
        Assert.Equal(first, (await SavedAsync()).Options.FilePriorities);
    }

    [Fact]
    public async Task Choices_of_files_that_are_made_at_once_are_made_in_order()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        for (int round = 0; round < 50; round++)
        {
            FilePriority last = round % 2 == 0 ? FilePriority.High : FilePriority.Low;
            FilePriority[] all = [FilePriority.Skip, FilePriority.Normal, FilePriority.Low, last];
            await Task.WhenAll(all.Select(priority => torrent.ApplyAsync(
                options => options with { FilePriorities = [.. Enumerable.Repeat(priority, FileCount)] }, Token))).Bounded();
            Assert.All(torrent.Options.FilePriorities, priority => Assert.Equal(last, priority));
        }
    }

    [Fact]
    public async Task A_torrent_that_was_removed_says_that_its_options_cannot_be_changed()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        await session.RemoveAsync(torrent, cancellationToken: Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => torrent.ApplyAsync(options => options with { MaxPeers = 7 }, Token).Bounded());
    }

    [Fact]
    public async Task A_change_that_throws_or_is_invalid_changes_nothing_and_its_caller_is_told()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        TorrentOptions before = torrent.Options;
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => torrent.ApplyAsync(_ => throw new InvalidTimeZoneException(), Token));
        await Assert.ThrowsAsync<ArgumentException>(() => torrent.ApplyAsync(options => options with { MaxPeers = 0 }, Token));
        await Assert.ThrowsAsync<ArgumentException>(
            () => torrent.ApplyAsync(options => options with { DownloadFolder = _folder["elsewhere"] }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => torrent.ApplyAsync(_ => null!, Token));
        Assert.Same(before, torrent.Options);
    }

    private async Task<SavedTorrent> SavedAsync() => Assert.Single(await SavedTorrents.ReadAsync(_folder["state"], Token));

    private Task<Session> StartAsync() => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder["data"],
            StateFolder = _folder["state"],
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
        },
        Token);

    /// <summary>Holds a move at its first progress until the test opens it.</summary>
    private sealed class Gate : IProgress<MoveProgress>, IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();

        public Task Reached => _reached.Task;

        public void Report(MoveProgress value)
        {
            _reached.TrySetResult();
            _open.Wait(Testing.Patience.Bound, CancellationToken.None);
        }

        public void Open() => _open.Set();

        public void Dispose() => _open.Dispose();
    }
}
