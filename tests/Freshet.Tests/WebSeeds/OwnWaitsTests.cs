using Freshet.Connections;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Sessions;
using Freshet.Core.WebSeeds;
using Freshet.Disk;
using Freshet.Discovery;
using Freshet.Tests.Connections;
using Freshet.WebSeeds;

namespace Freshet.Tests.WebSeeds;

/// <summary>Requests to web seeds that wait on our side do not keep other torrents' requests waiting for long.</summary>
public sealed class OwnWaitsTests : IDisposable
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(WebSeedLimits.MaxOwnWaitSeconds);

    private readonly VirtualTime _time = new();
    private readonly WebSeedClient _client;

    public OwnWaitsTests() => _client = new WebSeedClient(new HttpRequesterOptions(), _time);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_torrent_has_no_more_than_its_share_of_the_turns()
    {
        WebSeedServices greedy = Services(rate: null);
        List<OwnWaits> waits = [.. Enumerable.Range(0, WebSeedLimits.MaxFetchesOfSession * 2).Select(_ => Waits(greedy))];
        List<Task> turns = [.. waits.Select(wait => wait.TakeTurnAsync().AsTask())];
        await turns[WebSeedLimits.MaxFetchesOfTorrent - 1].Bounded();
        Assert.Equal(WebSeedLimits.MaxFetchesOfTorrent, turns.Count(turn => turn.IsCompleted));
        using OwnWaits other = Waits(Services(rate: null));
        await other.TakeTurnAsync().AsTask().Bounded();

        // A turn that is returned goes to the next in line.
        waits[0].GiveTurnBack();
        await turns[WebSeedLimits.MaxFetchesOfTorrent].Bounded();
        Assert.False(turns[WebSeedLimits.MaxFetchesOfTorrent + 1].IsCompleted);
    }

    [Fact]
    public async Task A_request_that_waits_for_our_rate_for_too_long_ends_once_it_has_given_a_block()
    {
        WebSeedServices services = Services(new DataRate(1000));
        services.DownloadLimit.Charge(1_000_000);
        using OwnWaits first = Waits(services);
        Task<int> waiting = first.TakeAsync(Core.Limits.BlockLength).AsTask();
        _time.Advance(Most * 2);
        Assert.False(first.IsOver || waiting.IsCompleted);
        using OwnWaits waits = Waits(services);
        waits.OnBlock();
        waiting = waits.TakeAsync(Core.Limits.BlockLength).AsTask();
        _time.Advance(Most * 0.9);
        Assert.False(waits.IsOver);
        _time.Advance(Most * 0.2);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Bounded());
        Assert.True(waits.IsOver);
    }

    [Fact]
    public async Task A_request_that_waits_for_memory_for_too_long_ends()
    {
        WebSeedServices services = Services(rate: null);
        using OwnWaits waits = Waits(services);
        List<BlockLease> taken = [];
        waits.OnBlock();
        Task<BlockLease> waiting;
        while ((waiting = waits.RentAsync().AsTask()).IsCompleted)
            taken.Add(await waiting);
        _time.Advance(Most * 1.1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Bounded());
        Assert.True(waits.IsOver);
        taken.ForEach(services.Blocks.Pool.Return);
    }

    private static OwnWaits Waits(WebSeedServices services) => new(services, new SharedPause(), CancellationToken.None);

    private WebSeedServices Services(DataRate? rate) => new(
        _client, new BlockShare(new BlockPool(1), new TorrentKey(1)), new RateLimit(rate, time: _time), Metrics: null!, _time);
}
