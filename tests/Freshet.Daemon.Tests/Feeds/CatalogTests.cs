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
        catalog.Refresh();
        end.Reset();
        Task refresh = Task.Run(catalog.Refresh, TestContext.Current.CancellationToken);
        await refreshing.Task.Bounded();
        TorrentItem item = await Task.Run(() => catalog.ItemOf(torrent), TestContext.Current.CancellationToken).Bounded();
        Assert.Equal(hash, item.Hash);
        Assert.False(refresh.IsCompleted);
        end.Set();
        await refresh.Bounded();
    }
}
