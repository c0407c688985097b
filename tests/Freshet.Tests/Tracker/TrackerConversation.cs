using System.Diagnostics;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Tests.Tracker;

/// <summary>What any tracker must understand from us: a seed and a leecher announce, one of them scrapes, and one leaves.</summary>
internal static class TrackerConversation
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task HoldAsync(string tracker, InfoHash swarm, IPAddress seedAddress, IPAddress leechAddress)
    {
        using TrackerClient seed = new(seedAddress);
        using TrackerClient leech = new(leechAddress);
        TrackerAnnounce announce = new() { Tracker = tracker, InfoHash = swarm, Port = 1000, Left = 0, Event = AnnounceEvent.Started };
        Assert.Null(await UntilAnsweredAsync(seed, announce));
        TrackerAnnounceResult result = await leech.AnnounceAsync(announce with { Port = 2000, Left = 5 }, Cancellation);
        Assert.Null(result.Error);
        Assert.Contains(new IPEndPoint(seedAddress, 1000), result.Peers.Select(peer => peer.EndPoint));
        Assert.Equal((1, 1), (result.Seeders, result.Leechers));
        Assert.NotNull(result.Interval);

        TrackerScrapeResult scraped = await leech.ScrapeAsync(tracker, [swarm], Cancellation);
        Assert.Null(scraped.Error);
        Assert.Equal((1, 1), (scraped.Swarms[swarm].Seeders, scraped.Swarms[swarm].Leechers));

        Assert.Null((await seed.AnnounceAsync(announce with { Event = AnnounceEvent.Stopped }, Cancellation)).Error);
        scraped = await leech.ScrapeAsync(tracker, [swarm], Cancellation);
        Assert.Equal((0, 1), (scraped.Swarms[swarm].Seeders, scraped.Swarms[swarm].Leechers));
    }

    // Repeats until the tracker listens. Returns the last error.
    private static async Task<string?> UntilAnsweredAsync(TrackerClient client, TrackerAnnounce announce)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            string? error = (await client.AnnounceAsync(announce, Cancellation)).Error;
            if (error is null || waited.Elapsed > TimeSpan.FromSeconds(30))
                return error;
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }
    }
}
