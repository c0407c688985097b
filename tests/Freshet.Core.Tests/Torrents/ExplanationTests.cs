using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Tests.Torrents.Exchange;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

/// <summary>The reasons why a torrent is not faster, with the numbers behind them.</summary>
public class ExplanationTests
{
    private static readonly DataRate Rate = new(500_000);

    private readonly Queue<BlockRange> _asked = [];

    [Fact]
    public void Our_own_limit_is_named_when_peers_wait_for_it_most_of_the_time()
    {
        var rig = new TorrentRig(pieces: 4000).Start();
        PeerKey seed = rig.ConnectSeed(1);
        Receive(rig, seed, share: 0.2, LimitScope.Session);
        Assert.Equal(WhyCode.Downloading, Status(rig).WhyCode);
        Receive(rig, seed, share: 0.8, LimitScope.Session);
        TorrentStatus status = Status(rig);
        Assert.Equal(WhyCode.OurLimit, status.WhyCode);
        Assert.Equal("Downloading from 1 of 1 peer, as fast as our limit of 488 KiB/s for all torrents allows.", status.Why);
        WhyNumbers numbers = status.WhyNumbers;
        Assert.Equal((Rate, LimitScope.Session, 1), (numbers.Limit, numbers.LimitScope, numbers.SendingPeers));
        Receive(rig, seed, share: 0, LimitScope.Session);
        Assert.Equal((WhyCode.Downloading, null), (Status(rig).WhyCode, Status(rig).WhyNumbers.Limit));
    }

    [Fact]
    public void A_seed_names_the_limit_that_those_it_serves_wait_for()
    {
        var rig = new TorrentRig().StartComplete();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.HaveNone, PeerMessage.Interested);
        for (int i = 1; i <= 20; i++)
        {
            rig.Advance(TimeSpan.FromSeconds(1));
            rig.Effects.SendingLimits[peer] = new HeldByLimit(TimeSpan.FromSeconds(i), Rate, LimitScope.Torrent);
            Status(rig);
        }

        TorrentStatus status = Status(rig);
        Assert.Equal(WhyCode.OurLimit, status.WhyCode);
        Assert.Equal("Complete; seeding to 1 peer, as fast as our limit of 488 KiB/s for this torrent allows.", status.Why);
        Assert.Equal((Rate, 1), (status.WhyNumbers.Limit, status.WhyNumbers.ServedPeers));
    }

    [Fact]
    public void The_disk_is_behind_when_peers_wait_for_memory_and_not_for_a_limit()
    {
        var rig = new TorrentRig(pieces: 4000).Start();
        PeerKey seed = rig.ConnectSeed(1);
        for (int i = 0; i < 20; i++)
        {
            PauseMeter pauses = rig.Effects.PausesOf(seed);
            pauses.Begin(rig.Now);
            rig.Pass(TimeSpan.FromSeconds(0.9));
            pauses.End(rig.Now);
            rig.Pass(TimeSpan.FromSeconds(0.1));
            Give(rig, seed);
            Status(rig);
        }

        TorrentStatus status = Status(rig);
        Assert.Equal(WhyCode.DiskBehind, status.WhyCode);
        Assert.True(status.WhyNumbers.Unverified.Bytes > 0);
    }

    [Fact]
    public void Pieces_that_fail_their_hash_are_the_reason_until_a_good_one_comes()
    {
        var rig = new TorrentRig().Start();
        rig.Serve(rig.ConnectSeed(1), hashOk: false, rounds: 1);
        Assert.NotEqual(WhyCode.HashFailures, Status(rig).WhyCode);
        PeerKey liar = rig.ConnectSeed(2);
        PeerKey seed = rig.ConnectSeed(3);
        rig.Serve(liar, hashOk: false);
        TorrentStatus status = Status(rig);
        Assert.Equal(WhyCode.HashFailures, status.WhyCode);
        Assert.True(status.WhyNumbers.HashFailures >= 2);
        Assert.StartsWith($"The last {status.WhyNumbers.HashFailures} pieces that came failed", status.Why, StringComparison.Ordinal);
        rig.Serve(seed, rounds: 2);
        Assert.NotEqual(WhyCode.HashFailures, Status(rig).WhyCode);
        Assert.Equal(status.WhyNumbers.HashFailures, Status(rig).WhyNumbers.HashFailures);
    }

    [Fact]
    public void A_full_session_is_the_reason_when_known_peers_may_not_be_dialled()
    {
        var rig = new TorrentRig(allotment: new Allotment(Dials: 0, UploadSlots: 1, MayCheck: true)).Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(1), TorrentRig.Address(2)], PeerSource.Tracker, rig.Now);
        Assert.Equal(WhyCode.Connecting, Status(rig).WhyCode);
        rig.Advance(TimeSpan.FromSeconds(2));
        TorrentStatus status = Status(rig);
        Assert.Equal((WhyCode.NoFreeConnection, 2), (status.WhyCode, status.WhyNumbers.WaitingAddresses));
        rig.Machine.OnAllotted(Allotment.Unlimited, rig.Now);
        Assert.Equal(WhyCode.Connecting, Status(rig).WhyCode);
    }

    [Fact]
    public void Metadata_is_told_of_as_it_comes()
    {
        MetadataSwarm swarm = new(size: 5 * 16_384);
        swarm.Add(null, static _ => null);
        Assert.Equal(new MetadataProgress(0, 0, 0), Status(swarm.Rig).WhyNumbers.Metadata);
        int given = 0;
        swarm.Add(swarm.Info.Length, piece => given++ < 3 ? swarm.Honest(piece) : null);
        Assert.False(swarm.Run(TimeSpan.FromSeconds(2)));
        TorrentStatus status = Status(swarm.Rig);
        Assert.Equal((WhyCode.MetadataMissing, new MetadataProgress(3, 5, 1)), (status.WhyCode, status.WhyNumbers.Metadata));
        Assert.EndsWith("still to come: 3 of 5 pieces of it, from 1 peer.", status.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_peer_does_is_told_with_its_sources_and_response_times()
    {
        var rig = new TorrentRig(pieces: 2).Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Tracker, rig.Now);
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Dht, rig.Now);
        PeerKey dialled = rig.Connect(1, outgoing: true);
        PeerKey incoming = rig.Connect(2);
        rig.Receive(dialled, PeerMessage.HaveAll, PeerMessage.Unchoke);
        PeerStatus before = rig.Machine.Peers(rig.Now)[0];
        Assert.Equal((null, null), (before.ResponseTime, before.ResponseTime95));
        Assert.True(before.QueueDepth >= before.OutstandingRequests && before.OutstandingRequests > 0);
        foreach (BlockRange range in rig.TakeRequests(dialled))
        {
            rig.Pass(TimeSpan.FromMilliseconds(100));
            rig.Receive(dialled, rig.Block(range));
        }

        PeerStatus after = rig.Machine.Peers(rig.Now)[0];
        Assert.Equal([PeerSource.Tracker, PeerSource.Dht], after.Sources.All);
        Assert.Equal([PeerSource.Incoming], rig.Machine.Peers(rig.Now)[1].Sources.All);
        Assert.InRange(after.ResponseTime!.Value.TotalSeconds, 0.09, 0.8);
        Assert.True(after.ResponseTime95 >= after.ResponseTime);
        Assert.NotEqual(dialled, incoming);
    }

    // Ten seconds in which a seed sends, and a limit holds it up for a part of them.
    private void Receive(TorrentRig rig, PeerKey seed, double share, LimitScope scope)
    {
        for (int i = 0; i < 20; i++)
        {
            TimeSpan step = TimeSpan.FromSeconds(0.5);
            TimeSpan total = rig.Effects.ReceivingLimits.GetValueOrDefault(seed).Total + (share * step);
            PauseMeter pauses = rig.Effects.PausesOf(seed);
            pauses.Begin(rig.Now);
            rig.Pass(share * step);
            pauses.End(rig.Now);
            rig.Pass((1 - share) * step);
            rig.Effects.ReceivingLimits[seed] = new HeldByLimit(total, Rate, scope);
            Give(rig, seed);
            rig.Hash();
            Status(rig);
        }
    }

    // One block of those that it was asked for.
    private void Give(TorrentRig rig, PeerKey seed)
    {
        rig.TakeRequests(seed).ForEach(_asked.Enqueue);
        rig.Receive(seed, rig.Block(_asked.Dequeue()));
    }

    private static TorrentStatus Status(TorrentRig rig) => rig.Machine.Snapshot(rig.Now);
}
