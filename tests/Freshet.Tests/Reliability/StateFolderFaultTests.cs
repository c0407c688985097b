using System.Net;
using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.SimulatedFiles;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>A session whose state folder accepts nothing for a while: it says so in words, goes on, and loses nothing.</summary>
public sealed class StateFolderFaultTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(64 * 1024, null, 700_000, 300_000);
    private readonly SimulatedFileSystem _disk = new();
    private Session? _seed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Errno.ReadOnly, "read-only")]
    [InlineData(Errno.NoSpace, "the disk is full")]
    [InlineData(Errno.AccessDenied, "permission denied")]
    [InlineData(Errno.NotFound, "it does not exist")]
    [InlineData(Errno.InputOutput, "input/output error")]
    public async Task A_torrent_goes_on_with_a_warning_and_is_recorded_when_the_state_folder_accepts_it(int error, string words)
    {
        await using Session session = await StartAsync(new SessionOptions { CheckpointInterval = TimeSpan.FromSeconds(1) });
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        Task<string> warned = WarningAsync(session);
        bool isBroken = true;
        _disk.Fails = call => isBroken && call.Writes && call.Path.StartsWith("/state/", StringComparison.Ordinal) ? error : null;
        await StartSeedAsync();
        FreshetException unrecorded = await Assert.ThrowsAsync<FreshetException>(() => torrent.StartAsync(Token));
        Assert.Equal(FreshetError.Storage, unrecorded.Error);
        await torrent.AddPeersAsync([.. _seed!.ListenEndPoints], Token);
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
        string warning = await warned.Bounded();
        Assert.Contains("cannot be recorded", warning, StringComparison.Ordinal);
        Assert.Contains("/state/", warning, StringComparison.Ordinal);
        Assert.Contains(words, warning, StringComparison.Ordinal);
        Assert.False(torrent.Actor.Record.Data is { IsClean: true });

        isBroken = false;
        await Patience.Until(() => torrent.Actor.Record.Data is { IsClean: true, Have.IsFull: true });
    }

    [Fact]
    public async Task An_action_that_cannot_be_recorded_is_reported_to_its_caller()
    {
        await using Session session = await StartAsync(new SessionOptions());
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        bool isBroken = true;
        _disk.Fails = call => isBroken && call.Writes && call.Path.StartsWith("/state/", StringComparison.Ordinal) ? Errno.NoSpace : null;
        await AssertUnrecordedAsync(() => torrent.ApplyAsync(options => options with { MaxPeers = 7 }, Token));
        Assert.Equal(7, torrent.Options.MaxPeers);
        await AssertUnrecordedAsync(() => torrent.StartAsync(Token));
        await Patience.Until(() => torrent.Status.State == TorrentState.Downloading);
        isBroken = false;
        await torrent.ApplyAsync(options => options with { MaxPeers = 8 }, Token);
        Assert.Equal((8, RunState.Running), (torrent.Actor.Record.Options.MaxPeers, torrent.Actor.Record.Run));

        isBroken = true;
        await AssertUnrecordedAsync(() => torrent.StopAsync(Token));
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);
        isBroken = false;
        await torrent.StopAsync(Token);
        Assert.Equal(RunState.Stopped, torrent.Actor.Record.Run);
    }

    [Fact]
    public async Task A_seed_that_has_seeded_enough_stops_and_warns_if_that_cannot_be_recorded()
    {
        await using Session session = await StartAsync(new SessionOptions());
        await StartSeedAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Peers = [.. _seed!.ListenEndPoints] }, Token);
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
        Task<string> warned = WarningAsync(session, "has seeded enough");
        _disk.Fails = static call =>
            call.Writes && call.Path.StartsWith("/state/", StringComparison.Ordinal) ? Errno.NoSpace : null;
        await session.ApplyAsync(session.Options with { SeedLimits = new SeedLimits { SeedTime = TimeSpan.Zero } });
        Assert.Contains("could not be recorded", await warned.Bounded(), StringComparison.Ordinal);
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);
        _disk.Fails = null;
    }

    [Fact]
    public async Task A_stop_is_recorded_even_if_the_data_is_not()
    {
        await using Session session = await StartAsync(new SessionOptions());
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await StartSeedAsync();
        _disk.Fails = call => call.Operation == FileOperation.Flush && call.Path.StartsWith("/data/", StringComparison.Ordinal)
            ? Errno.InputOutput
            : null;
        await torrent.AddPeersAsync([.. _seed!.ListenEndPoints], Token);
        await Patience.Until(() => torrent.Status.PiecesHave > 0);
        await torrent.StopAsync(Token);
        Assert.Equal(RunState.Stopped, torrent.Actor.Record.Run);
    }

    [Theory]
    [InlineData(Errno.ReadOnly, "read-only")]
    [InlineData(Errno.NoSpace, "the disk is full")]
    public async Task A_session_that_cannot_use_its_state_folder_does_not_start_and_says_why(int error, string words)
    {
        _disk.Fails = call => call.Writes && call.Path.StartsWith("/state", StringComparison.Ordinal) ? error : null;
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(() => StartAsync(new SessionOptions()));
        Assert.Equal(FreshetError.Storage, refused.Error);
        Assert.Contains("/state", refused.Message, StringComparison.Ordinal);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_torrent_that_cannot_be_recorded_is_not_added_and_leaves_nothing_half_written()
    {
        await using Session session = await StartAsync(new SessionOptions());
        _disk.Fails = call => call.Operation == FileOperation.Write && call.Path.EndsWith(".torrent.tmp", StringComparison.Ordinal)
            ? Errno.NoSpace
            : null;
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token));
        Assert.Contains("the disk is full. Make the state folder writable", refused.Message, StringComparison.Ordinal);

        // Only a torrent that was added goes on.
        Assert.DoesNotContain("goes on by itself", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_disk.List(new FilePath("/state", "")), name => name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_state_folder_is_reported_as_such()
    {
        string path = _folder["state"];
        await File.WriteAllTextAsync(path, "", Token);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => Session.StartAsync(new SessionOptions { StateFolder = path, BindAddress = IPAddress.Loopback, ListenPort = 0 }, Token));
        Assert.Equal(FreshetError.Storage, refused.Error);
        Assert.Contains($"{path} is not a folder", refused.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_seed is not null)
            await _seed.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task AssertUnrecordedAsync(Func<Task> command)
    {
        FreshetException error = await Assert.ThrowsAsync<FreshetException>(command);
        Assert.Equal(FreshetError.Storage, error.Error);
        Assert.Contains("It is done, but cannot be recorded", error.Message, StringComparison.Ordinal);
        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> WarningAsync(Session session, string words = "")
    {
        await foreach (SessionEvent happened in session.ReadEventsAsync(Token))
        {
            if (happened is SessionEvent.Warning { Torrent: not null } warning && warning.Message.Contains(words, StringComparison.Ordinal))
                return warning.Message;
        }

        return "";
    }

    private Task<Session> StartAsync(SessionOptions options) => Session.StartAsync(
        options with
        {
            DownloadFolder = "/data",
            StateFolder = "/state",
            FileSystem = _disk,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
        },
        Token);

    private async Task StartSeedAsync()
    {
        _sample.WriteTo(_folder["seed"]);
        _seed = await Session.StartAsync(
            new SessionOptions { StateFolder = null, BindAddress = IPAddress.Loopback, ListenPort = 0 }, Token);
        Torrent torrent = await _seed.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { DownloadFolder = _folder["seed"] }, Token);
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
    }
}
