using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;

namespace Freshet.Core.Tests.Torrents;

/// <summary>Why a torrent is not faster, if its blocks come from web seeds or should.</summary>
public class WebSeedExplanationTests
{
    private const string Tracker = "http://tracker.test/announce";
    private const string Url = "http://seed.test/";

    private static readonly DataRate Rate = new(100_000);

    [Fact]
    public void Our_own_limit_is_named_when_a_web_seed_waits_for_it_most_of_the_time()
    {
        TorrentRig rig = Start();
        Hold(rig, share: 0.2, isLimit: true);
        Assert.Equal("Downloading from 1 web seed; no peer is connected.", Status(rig).Why);
        Hold(rig, share: 0.8, isLimit: true);
        TorrentStatus status = Status(rig);
        Assert.Equal(
            (WhyCode.OurLimit, "Downloading from 1 web seed, as fast as our limit of 97.7 KiB/s for this torrent allows."),
            (status.WhyCode, status.Why));
        WhyNumbers numbers = status.WhyNumbers;
        Assert.Equal((Rate, LimitScope.Torrent, 1), (numbers.Limit, numbers.LimitScope, numbers.SendingWebSeeds));
        Hold(rig, share: 0, isLimit: true);
        Assert.Equal(WhyCode.Downloading, Status(rig).WhyCode);
    }

    [Fact]
    public void A_limit_may_be_so_low_that_nothing_has_come_yet()
    {
        TorrentRig rig = Start();
        Hold(rig, share: 0.9, isLimit: true, gives: false);
        TorrentStatus status = Status(rig);
        Assert.Equal(
            (WhyCode.OurLimit, "1 web seed asked, as fast as our limit of 97.7 KiB/s for this torrent allows; no peer is connected."),
            (status.WhyCode, status.Why));
    }

    [Fact]
    public void The_disk_is_behind_when_a_web_seed_waits_for_memory()
    {
        TorrentRig rig = Start();
        Hold(rig, share: 0.9, isLimit: false);
        TorrentStatus status = Status(rig);
        Assert.Equal(WhyCode.DiskBehind, status.WhyCode);
        Assert.StartsWith("Downloading from 1 web seed, as fast as the disk writes: ", status.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "The tracker knows of no other peers, and the web seed cannot be used now: HTTP 500.")]
    [InlineData(2, "The tracker knows of no other peers, and none of the 2 web seeds can be used now: HTTP 500.")]
    public void Web_seeds_that_fail_are_named_although_the_tracker_works(int count, string why)
    {
        TorrentRig rig = Start(count);
        rig.Machine.OnAnnounced(rig.Target(Tracker), new AnnounceResponse { Interval = TimeSpan.FromMinutes(30) }, rig.Now);
        while (rig.Effects.Fetches.Count > 0)
        {
            FetchOrder order = rig.Effects.Fetches[0];
            rig.Effects.Fetches.Remove(order);
            rig.Machine.OnFetchEnded(order.Seed, order.Key, new FetchEnd(FetchFault.Refused) { Words = "HTTP 500" }, rig.Now);
        }

        TorrentStatus status = Status(rig);
        Assert.Equal((WhyCode.WebSeedsFailed, why), (status.WhyCode, status.Why));
        rig.Advance(TimeSpan.FromMinutes(2));
        Assert.NotEqual(WhyCode.WebSeedsFailed, Status(rig).WhyCode);
    }

    private static TorrentRig Start(int webSeeds = 1)
    {
        TorrentRig rig = new(
            pieces: 4000,
            tracker: Tracker,
            webSeeds: [.. Enumerable.Range(0, webSeeds).Select(i => i == 0 ? Url : $"http://seed{i}.test/")]);
        rig.Start();
        rig.Advance(TimeSpan.FromMilliseconds(250));
        return rig;
    }

    // Ten seconds in which a web seed is asked, and we hold it up for part of them.
    private static void Hold(TorrentRig rig, double share, bool isLimit, bool gives = true)
    {
        TimeSpan step = TimeSpan.FromSeconds(0.5);
        for (int i = 0; i < 20; i++)
        {
            FetchOrder order = rig.Effects.Fetches[0];
            PauseMeter pauses = rig.Effects.PausesOf(order.Seed);
            pauses.Begin(rig.Now);
            rig.Pass(share * step);
            pauses.End(rig.Now);
            rig.Pass((1 - share) * step);
            TimeSpan total = rig.Effects.ReceivingLimits.GetValueOrDefault(order.Seed).Total + (share * step);
            if (isLimit)
                rig.Effects.ReceivingLimits[order.Seed] = new HeldByLimit(total, Rate, LimitScope.Torrent);
            if (gives)
                Give(rig, order);
            Status(rig);
        }
    }

    private static void Give(TorrentRig rig, FetchOrder order)
    {
        for (long offset = order.Offset; offset < order.Offset + order.Length;)
        {
            PieceIndex piece = rig.Layout.PieceAt(offset);
            BlockRange range = rig.Layout.RangeOf(new BlockRef(piece, (int)(offset - rig.Layout.OffsetOf(piece)) / Limits.BlockLength));
            rig.Machine.OnFetched(order.Seed, order.Key, range, rig.Block(range).Lease, rig.Now);
            offset += range.Length;
        }

        rig.Hash();
        rig.Effects.Fetches.Remove(order);
        rig.Machine.OnFetchEnded(order.Seed, order.Key, default, rig.Now);
    }

    private static TorrentStatus Status(TorrentRig rig) => rig.Machine.Snapshot(rig.Now);
}
