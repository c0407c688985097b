using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents;

/// <summary>A torrent that starts with only what a magnet link has, and what happens to it when the metadata arrives.</summary>
public class MetadataTests
{
    private const string Tracker = "http://tracker.example/announce";

    [Fact]
    public void Peers_are_sought_before_the_content_of_the_torrent_is_known()
    {
        TorrentRig rig = Magnet();
        Assert.Equal(TorrentState.FetchingMetadata, rig.Machine.Phase.State);
        Assert.NotEqual(0, Assert.Single(rig.Effects.Announces).Request.Left);
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Tracker, rig.Now);
        Assert.Equal(TorrentRig.Address(1), Assert.Single(rig.Effects.Dialled));
        TorrentStatus status = rig.Machine.Snapshot(rig.Now);
        Assert.Equal((0, 0, 0.0), (status.PieceCount, status.Seeds, status.Progress));
    }

    [Fact]
    public void Messages_that_came_before_the_metadata_count_when_it_is_there()
    {
        TorrentRig rig = Magnet();
        PeerKey seed = rig.Connect(1);
        rig.Receive(seed, PeerMessage.HaveAll, PeerMessage.Unchoke);
        PeerKey other = rig.Connect(2);
        rig.Receive(other, PeerMessage.Bitfield(rig.Pieces(3)), PeerMessage.Have(new PieceIndex(5)), PeerMessage.Unchoke);
        PeerKey choking = rig.Connect(3);
        rig.Receive(choking, PeerMessage.AllowedFast(new PieceIndex(7)), PeerMessage.HaveAll);
        Assert.DoesNotContain(rig.Effects.Sent, sent => sent.Message.Id is MessageId.Interested or MessageId.Request);

        Learn(rig);
        Assert.Equal(TorrentState.Downloading, rig.Machine.Phase.State);
        Assert.Equal(2, rig.Machine.Snapshot(rig.Now).Seeds);
        Assert.NotEmpty(rig.TakeRequests(seed));
        Assert.All(rig.TakeRequests(other), range => Assert.Contains(range.Piece.Value, new[] { 3, 5 }));
        Assert.Equal([7], rig.TakeRequests(choking).Select(range => range.Piece.Value).Distinct());
        rig.Advance(TimeSpan.FromSeconds(40));
        rig.Serve(seed);
        rig.Serve(other);
        rig.Serve(seed);
        Assert.True(rig.Machine.Have.IsFull);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void Once_it_is_known_to_be_private_only_peers_of_its_trackers_and_its_user_are_used()
    {
        TorrentRig rig = new(isMagnet: true, isPrivateKnown: false, isPrivate: true);
        rig.Machine.Start(StartingPoint.Empty(0), rig.Now);
        PeerSource[] sources =
            [PeerSource.Tracker, PeerSource.Manual, PeerSource.Dht, PeerSource.Exchange, PeerSource.Local, PeerSource.Link];
        PeerKey[] peers = new PeerKey[sources.Length];
        for (int i = 0; i < sources.Length; i++)
        {
            rig.Machine.OnPeersFound([TorrentRig.Address(i + 1)], sources[i], rig.Now);
            peers[i] = rig.Connect(i + 1, outgoing: true);
        }

        PeerKey incoming = rig.Connect(20);
        PeerKey announced = rig.Connect(21);
        rig.Receive(announced, Listening(6881));
        rig.Machine.OnPeersFound([TorrentRig.Address(3), TorrentRig.Address(21)], PeerSource.Tracker, rig.Now);
        Learn(rig);

        // The third was first found in the DHT, and then by a tracker as well.
        DisconnectReason? gone = DisconnectReason.Private;
        Assert.Equal([null, null, null, gone, gone, gone], peers.Select(rig.DropOf));
        Assert.Equal((gone, null), (rig.DropOf(incoming), rig.DropOf(announced)));

        // Whoever comes from now on may know of us from the tracker.
        Assert.Null(rig.DropOf(rig.Connect(20)));
        rig.Effects.Dialled.Clear();
        rig.Machine.OnPeersFound([TorrentRig.Address(30)], PeerSource.Link, rig.Now);
        rig.Advance(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain(rig.Effects.Dialled, address => address.Address.GetAddressBytes()[3] is 4 or 5 or 6 or 20 or 30);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Where_a_peer_that_connected_to_us_listens_is_not_dialled_if_the_torrent_is_private(bool isPrivate, int dials)
    {
        TorrentRig rig = new TorrentRig(isPrivate: isPrivate).Start();
        PeerKey stranger = rig.Connect(20);
        rig.Receive(stranger, Listening(6881));
        rig.Machine.OnDisconnected(stranger, DisconnectReason.ClosedByPeer, rig.Now);
        rig.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(dials, rig.Effects.Dialled.Distinct().Count());
    }

    [Fact]
    public void A_bitfield_replaces_what_was_announced_before_it()
    {
        TorrentRig rig = Magnet();
        PeerKey peer = rig.Connect(1);
        rig.Receive(
            peer, PeerMessage.Have(new PieceIndex(1)), PeerMessage.HaveAll, PeerMessage.Bitfield(rig.Pieces(2)), PeerMessage.Unchoke);
        Learn(rig);
        Assert.Equal([2], rig.TakeRequests(peer).Select(range => range.Piece.Value).Distinct());
    }

    [Fact]
    public void A_peer_that_announced_impossible_pieces_is_dropped_when_that_is_known()
    {
        TorrentRig rig = Magnet();
        PeerKey longer = rig.Connect(1);
        rig.Receive(longer, PeerMessage.Bitfield(new byte[100]));
        PeerKey beyond = rig.Connect(2);
        rig.Receive(beyond, PeerMessage.Have(new PieceIndex(rig.Layout.PieceCount)));
        PeerKey fine = rig.Connect(3);
        rig.Receive(
            fine, PeerMessage.HaveAll, PeerMessage.AllowedFast(new PieceIndex(1_000)), PeerMessage.SuggestPiece(new PieceIndex(-1)));
        Assert.Null(rig.DropOf(longer) ?? rig.DropOf(beyond));
        Learn(rig);
        Assert.Equal(DisconnectReason.ProtocolViolation, rig.DropOf(longer));
        Assert.Equal(DisconnectReason.ProtocolViolation, rig.DropOf(beyond));
        Assert.Null(rig.DropOf(fine));
    }

    [Fact]
    public void What_is_kept_of_a_peer_is_bounded()
    {
        EarlyMessages early = new();
        for (int i = 0; i < 100_000; i++)
            early.Add(PeerMessage.Have(new PieceIndex(i)), room: 1_000);
        Assert.Equal(PeerLimits.MaxEarlyMessages, early.All.Count);
        early.Add(PeerMessage.Bitfield(new byte[1_001]), room: 1_000);
        Assert.Equal(0, early.Bytes);
        early.Add(PeerMessage.Bitfield(new byte[1_000]), room: 1_000);
        Assert.Equal((1, 1_000), (early.All.Count, early.Bytes));
        early.Add(PeerMessage.Bitfield(new byte[900]), room: 0);
        Assert.Equal((1, 900), (early.All.Count, early.Bytes));
        for (int i = 0; i < 100_000; i++)
            early.AddLost(new PieceIndex(i), room: 1_000_000);
        Assert.Equal(1 + PeerLimits.MaxEarlyLost, early.All.Count);
        Assert.True(early.Bytes > 4 * PeerLimits.MaxEarlyLost);
        early.Add(PeerMessage.HaveNone, room: 0);
        early.AddLost(default, room: 4);
        Assert.Equal((1, 0), (early.All.Count, early.Bytes));
    }

    [Fact]
    public void Bitfields_of_all_peers_together_are_bounded()
    {
        TorrentRig rig = Magnet(new TorrentSettings { MaxPeers = 1_000 });
        int most = PeerLimits.MaxEarlyBytes / (Limits.MaxPieces / 8);
        PeerKey[] peers = [.. Enumerable.Range(1, most + 1).Select(number => rig.Connect(number))];
        foreach (PeerKey peer in peers)
            rig.Receive(peer, PeerMessage.Bitfield(new byte[Limits.MaxPieces / 8]));
        Learn(rig);

        // All of them are wrong; the last one has been forgotten.
        Assert.All(peers[..^1], peer => Assert.Equal(DisconnectReason.ProtocolViolation, rig.DropOf(peer)));
        Assert.Null(rig.DropOf(peers[^1]));
    }

    [Fact]
    public void Announcements_of_peers_that_have_left_take_no_room_from_others()
    {
        TorrentRig rig = Magnet();
        int most = PeerLimits.MaxEarlyBytes / (Limits.MaxPieces / 8);
        for (int number = 1; number <= most; number++)
        {
            PeerKey peer = rig.Connect(number);
            rig.Receive(peer, PeerMessage.Bitfield(new byte[Limits.MaxPieces / 8]));
            rig.Machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, rig.Now);
        }

        PeerKey seed = rig.ConnectSeed(most + 1, fast: false);
        Learn(rig);
        Assert.NotEmpty(rig.TakeRequests(seed));
    }

    [Fact]
    public void Pieces_found_on_disk_are_announced_to_the_peers_that_were_there_before()
    {
        TorrentRig rig = Magnet();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Bitfield(rig.Pieces(2)));
        rig.Take(peer);
        Bitfield have = Of(rig, 1, 2);
        Bitfield toCheck = Of(rig, 4);
        rig.Machine.OnMetadata(rig.Metainfo, new StartingPoint(have, [], toCheck), rig.Now);
        Assert.Equal(TorrentState.Checking, rig.Machine.Phase.State);
        rig.Machine.OnPieceChecked(new PieceIndex(4), ok: true);
        rig.Machine.OnCheckFinished(rig.Now);
        Assert.Equal(TorrentState.Downloading, rig.Machine.Phase.State);
        Assert.Equal([1, 4], rig.Take(peer).Where(message => message.Id == MessageId.Have).Select(message => message.Piece.Value));
    }

    [Fact]
    public void Everything_may_be_there_already()
    {
        TorrentRig rig = Magnet();
        PeerKey seed = rig.Connect(1);
        rig.Receive(seed, PeerMessage.HaveAll);
        Bitfield all = new(rig.Layout.PieceCount);
        all.AddAll();
        rig.Machine.OnMetadata(rig.Metainfo, new StartingPoint(all, []), rig.Now);
        Assert.Equal(TorrentState.Seeding, rig.Machine.Phase.State);
        Assert.Equal(DisconnectReason.BothSeeds, rig.DropOf(seed));
    }

    [Fact]
    public void Metadata_that_comes_while_stopped_waits_for_the_start()
    {
        TorrentRig rig = Magnet();
        rig.Machine.Stop(rig.Now);
        Learn(rig);
        Assert.Equal(TorrentState.Stopped, rig.Machine.Phase.State);
        rig.Start(0);
        Assert.Equal(TorrentState.Downloading, rig.Machine.Phase.State);
        Assert.Equal(1, rig.Machine.Have.Count);
    }

    [Fact]
    public void Earlier_settings_still_apply()
    {
        TorrentRig rig = Magnet();
        rig.Machine.ApplySettings(new TorrentSettings { OnlyPieces = [new PieceIndex(6)], Sequential = true }, rig.Now);
        PeerKey seed = rig.ConnectSeed(1);
        Learn(rig);
        Assert.Equal([6], rig.TakeRequests(seed).Select(range => range.Piece.Value).Distinct());
        Assert.Equal(TorrentRig.PieceLength, rig.Machine.Snapshot(rig.Now).Left.Bytes);
    }

    [Fact]
    public void It_is_accepted_once_and_only_the_torrents_own()
    {
        TorrentRig rig = Magnet();
        TorrentMetainfo another = rig.Metainfo with { InfoHash = new InfoHash("another torrent's hash"u8) };
        Assert.Throws<ArgumentException>(() => rig.Machine.OnMetadata(another, StartingPoint.Empty(8), rig.Now));
        Assert.False(rig.Machine.HasContent);
        Learn(rig);
        PeerKey seed = rig.ConnectSeed(1);
        rig.Serve(seed);
        Assert.True(rig.Machine.Have.IsFull);
        Learn(rig);
        Assert.True(rig.Machine.Have.IsFull);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_input_is_legal_before_it(int seed)
    {
        Random random = new(seed);
        TorrentRig rig = Magnet();
        List<PeerKey> peers = [rig.Connect(1), rig.Connect(2, fast: false)];
        for (int i = 0; i < 300; i++)
            Step(rig, random, peers);
        if (rig.Machine.Phase is TorrentPhase.Stopped or TorrentPhase.Failed)
            rig.Start();
        Assert.Equal(TorrentState.FetchingMetadata, rig.Machine.Phase.State);
        rig.Machine.ApplySettings(new TorrentSettings(), rig.Now);
        Learn(rig);
        foreach (PeerKey peer in peers)
            rig.Machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, rig.Now);
        PeerKey honest = rig.ConnectSeed(5_000);
        rig.Serve(honest);
        Assert.True(rig.Machine.Have.IsFull);
        rig.AssertLeasesAreSettled();
    }

    private static void Step(TorrentRig rig, Random random, List<PeerKey> peers)
    {
        PeerKey peer = peers[random.Next(peers.Count)];
        PieceIndex piece = new(random.Next(-1, 10));
        BlockRange range = new(piece, random.Next(2) * Limits.BlockLength, Limits.BlockLength);
        TorrentMachine machine = rig.Machine;
        switch (random.Next(26))
        {
            case 0: peers.Add(rig.Connect(random.Next(1, 1_000), fast: random.Next(2) == 0)); break;
            case 1: rig.Receive(peer, PeerMessage.Have(piece)); break;
            case 2: rig.Receive(peer, PeerMessage.Bitfield(new byte[random.Next(3)])); break;
            case 3: rig.Receive(peer, PeerMessage.HaveAll, PeerMessage.Unchoke); break;
            case 4: rig.Receive(peer, PeerMessage.HaveNone, PeerMessage.Choke); break;
            case 5: rig.Receive(peer, PeerMessage.AllowedFast(piece), PeerMessage.SuggestPiece(piece)); break;
            case 6: rig.Receive(peer, PeerMessage.Interested, PeerMessage.Request(range)); break;
            case 7: rig.Receive(peer, PeerMessage.Cancel(range), PeerMessage.RejectRequest(range)); break;
            case 8: rig.Receive(peer, rig.Block(range)); break;
            case 9: rig.Receive(peer, PeerMessage.KeepAlive, PeerMessage.NotInterested, PeerMessage.Port(1)); break;
            case 10: rig.Receive(peer, PeerMessage.Extended(0, "d1:pi80e11:upload_onlyi1ee"u8.ToArray())); break;
            case 11: machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, rig.Now); break;
            case 12: machine.OnUploaded(peer, range, rig.Now); break;
            case 13: machine.OnUploadFailed(peer, range, rig.Now); break;
            case 14: machine.OnPieceHashed(new PieceVerdict(piece, random.Next(2) == 0), rig.Now); break;
            case 15: machine.OnPieceChecked(piece, ok: true); break;
            case 16: machine.OnCheckFinished(rig.Now); break;
            case 17: machine.OnDiskFailed(new DiskFailure(DiskOperation.Write, "full", [piece]), rig.Now); break;
            case 18: machine.OnDiskRecovered(rig.Now); break;
            case 19: machine.SetDeadline([piece], rig.Now, rig.Now); break;
            case 20: machine.ApplySettings(new TorrentSettings { OnlyPieces = [piece], MaxPeers = random.Next(1, 50) }, rig.Now); break;
            case 21: machine.OnAnnounceFailed(rig.Target(Tracker), "no", rig.Now); break;
            case 22: machine.OnPeersFound([TorrentRig.Address(random.Next(1, 50))], PeerSource.Tracker, rig.Now); break;
            case 23: rig.Advance(TimeSpan.FromSeconds(random.Next(1, 20))); break;
            case 24:
                machine.Stop(rig.Now);
                machine.Start(StartingPoint.Empty(0), rig.Now);
                break;
            default:
                machine.Snapshot(rig.Now);
                machine.NextDue(rig.Now);
                break;
        }
    }

    private static TorrentRig Magnet(TorrentSettings? settings = null)
    {
        TorrentRig rig = new(settings: settings, tracker: Tracker, isMagnet: true);
        rig.Machine.Start(StartingPoint.Empty(0), rig.Now);
        return rig;
    }

    private static PeerMessage Listening(int port) => PeerMessage.Extended(0, new ExtensionHandshake { Port = port }.ToArray());

    private static void Learn(TorrentRig rig) => rig.Machine.OnMetadata(rig.Metainfo, StartingPoint.Empty(rig.Layout.PieceCount), rig.Now);

    private static Bitfield Of(TorrentRig rig, params int[] pieces)
    {
        Bitfield set = new(rig.Layout.PieceCount);
        foreach (int piece in pieces)
            set.Add(new PieceIndex(piece));
        return set;
    }
}
