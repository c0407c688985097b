using System.Net;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Tests.Torrents.Exchange;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
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
    public void A_seed_names_the_limit_that_its_peers_wait_for()
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
    public void A_full_session_is_also_the_reason_while_most_known_peers_are_shut_out()
    {
        var rig = new TorrentRig(pieces: 4000, allotment: new Allotment(Dials: 0, UploadSlots: 1, MayCheck: true)).Start();
        PeerKey seed = rig.ConnectSeed(1);
        Give(rig, seed);
        Assert.Equal(WhyCode.Downloading, Status(rig).WhyCode);
        rig.Machine.OnPeersFound([TorrentRig.Address(2), TorrentRig.Address(3)], PeerSource.Tracker, rig.Now);
        TorrentStatus status = Status(rig);
        Assert.Equal(WhyCode.NoFreeConnection, status.WhyCode);
        Assert.Equal("Downloading from 1 of 1 peer; the session has no connection free for 2 known peers.", status.Why);
        rig.ConnectSeed(4);
        Assert.Equal(WhyCode.Downloading, Status(rig).WhyCode);
    }

    [Theory]
    [InlineData(WhyCode.Checking, "Checking what is on disk: 0 of 8 pieces.")]
    [InlineData(WhyCode.WaitingForFiles, "Waiting until no other program or session writes the torrent's files.")]
    [InlineData(WhyCode.NobodyRequests, "Complete; 1 peer connected, none asks for anything.")]
    [InlineData(WhyCode.AskingTracker, "Asking the tracker for peers.")]
    [InlineData(WhyCode.NoOtherPeers, "The tracker knows of no other peers.")]
    [InlineData(WhyCode.TrackerFailed, "No peers: the tracker http://tracker.test/announce failed: it is gone.")]
    [InlineData(WhyCode.AskingDht, "Asking the DHT for peers.")]
    [InlineData(WhyCode.AllBanned, "All peers that were known are banned, and the torrent has no tracker to ask.")]
    public void Each_reason_is_reported_with_its_code(WhyCode code, string why)
    {
        TorrentStatus status = Status(InTroubleWith(code));
        Assert.Equal((code, why), (status.WhyCode, status.Why));
    }

    [Fact]
    public void Metadata_is_reported_as_it_arrives()
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
    public void The_activity_of_a_peer_is_reported_with_its_sources_and_response_times()
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

    private static TorrentRig InTroubleWith(WhyCode code)
    {
        const string Tracker = "http://tracker.test/announce";
        bool needsTracker = code is WhyCode.AskingTracker or WhyCode.NoOtherPeers or WhyCode.TrackerFailed;
        var rig = new TorrentRig(tracker: needsTracker ? Tracker : null, dht: code == WhyCode.AskingDht ? new SilentDht() : null);
        Bitfield none = new(rig.Layout.PieceCount);
        switch (code)
        {
            case WhyCode.Checking:
                Bitfield all = new(rig.Layout.PieceCount);
                all.AddAll();
                rig.Machine.Start(new StartingPoint(none, [], all), rig.Now);
                return rig;
            case WhyCode.WaitingForFiles:
                rig.Machine.Start(new StartingPoint(none, []) { MustClaim = true }, rig.Now);
                rig.ConnectSeed(1);
                return rig;
            case WhyCode.NobodyRequests:
                rig.StartComplete().Connect(1);
                return rig;
        }

        rig.Start();
        switch (code)
        {
            case WhyCode.NoOtherPeers:
                rig.Machine.OnAnnounced(rig.Target(Tracker), new AnnounceResponse { Interval = TimeSpan.FromMinutes(30) }, rig.Now);
                break;
            case WhyCode.TrackerFailed:
                rig.Machine.OnAnnounceFailed(rig.Target(Tracker), "it is gone", rig.Now);
                break;
            case WhyCode.AskingDht:
                rig.Advance(TimeSpan.FromSeconds(1));
                break;
            case WhyCode.AllBanned:
                rig.Serve(rig.ConnectSeed(1), hashOk: false);
                break;
        }

        return rig;
    }

    private sealed class SilentDht : ITorrentDht
    {
        public int Port => 6881;

        public void FindPeers(InfoHash swarm, bool isSeed, SearchUrgency urgency)
        {
        }

        public void Withdraw()
        {
        }

        public void OnNode(IPEndPoint node)
        {
        }
    }

    // Ten seconds in which a seed sends, and a limit holds it up for part of them.
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

    // One of the blocks that were requested from it.
    private void Give(TorrentRig rig, PeerKey seed)
    {
        rig.TakeRequests(seed).ForEach(_asked.Enqueue);
        rig.Receive(seed, rig.Block(_asked.Dequeue()));
    }

    private static TorrentStatus Status(TorrentRig rig) => rig.Machine.Snapshot(rig.Now);
}
