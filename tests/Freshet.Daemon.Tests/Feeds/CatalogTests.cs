using System.Text.Json;
using Freshet.Api;
using Freshet.Daemon.Feeds;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Tests.Feeds;

public class CatalogTests
{
    [Fact]
    public async Task A_torrent_can_be_read_while_all_are_refreshed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        Torrent torrent = daemon.Server.Session.Torrents[0];
        SessionState state = (await daemon.GetAsync("/api/v1/session"))["status"]!.Deserialize(JsonContext.Default.SessionState)!;
        using ManualResetEventSlim end = new(initialState: true);
        TaskCompletionSource refreshing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource stopping = new();
        Catalog catalog = new(daemon.Server.Session, new EventJournal(), new Moves(stopping.Token), _ =>
        {
            if (!end.IsSet)
                refreshing.SetResult();
            end.Wait(Patience.Bound, CancellationToken.None);
            return state;
        });
        await catalog.RefreshAsync();
        end.Reset();
        Task refresh = Task.Run(catalog.RefreshAsync, TestContext.Current.CancellationToken);
        await refreshing.Task.Bounded();
        TorrentItem item = await Task.Run(() => catalog.ItemOf(torrent), TestContext.Current.CancellationToken).Bounded();
        Assert.Equal(hash, item.Hash);
        Assert.False(refresh.IsCompleted);
        end.Set();
        await refresh.Bounded();
    }

    [Fact]
    public async Task Changes_made_at_once_share_a_pass_and_block_no_thread()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.AddAsync(new SampleTorrent());
        SessionState state = (await daemon.GetAsync("/api/v1/session"))["status"]!.Deserialize(JsonContext.Default.SessionState)!;
        int passes = 0;
        using ManualResetEventSlim end = new();
        using CancellationTokenSource stopping = new();
        Catalog catalog = new(daemon.Server.Session, new EventJournal(), new Moves(stopping.Token), _ =>
        {
            Interlocked.Increment(ref passes);
            end.Wait(Patience.Bound, CancellationToken.None);
            return state;
        });
        Task first = Task.Run(catalog.RefreshAsync, TestContext.Current.CancellationToken);
        await Patience.Until(() => Volatile.Read(ref passes) == 1);

        // Each of these calls comes back at once, although the pass cannot end, and none is done by the pass that began before it.
        Task[] others = [.. Enumerable.Range(0, 256).Select(_ => catalog.RefreshAsync())];
        Assert.All(others, other => Assert.False(other.IsCompleted));
        end.Set();
        await first.Bounded();
        await Task.WhenAll(others).Bounded();
        Assert.Equal(2, passes);
        Assert.Single(catalog.Entries);
    }

    [Fact]
    public async Task A_change_of_one_torrent_needs_no_pass_over_all()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.AddAsync(new SampleTorrent());
        SessionState state = (await daemon.GetAsync("/api/v1/session"))["status"]!.Deserialize(JsonContext.Default.SessionState)!;
        int passes = 0;
        using CancellationTokenSource stopping = new();
        EventJournal journal = new();
        Catalog catalog = new(daemon.Server.Session, journal, new Moves(stopping.Token), _ =>
        {
            passes++;
            return state;
        });
        await catalog.RefreshAsync();
        Torrent torrent = daemon.Server.Session.Torrents[0];
        await torrent.ApplyAsync(options => options with { Sequential = true }, TestContext.Current.CancellationToken);
        long before = journal.Last;
        await catalog.RefreshAsync(torrent);
        Assert.Equal(1, passes);
        Assert.True(catalog.ItemOf(torrent).Sequential);
        Assert.Equal(before + 1, journal.Last);
    }
}
