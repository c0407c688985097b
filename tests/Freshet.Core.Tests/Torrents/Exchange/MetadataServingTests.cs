using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents.Exchange;

public class MetadataServingTests
{
    private readonly byte[] _info = [.. Enumerable.Range(0, 20 * 16_384 - 100).Select(i => (byte)(i * 7 >> 3))];

    [Fact]
    public void The_handshake_says_how_long_it_is()
    {
        TorrentRig rig = Rig();
        PeerKey peer = rig.Connect(1);
        Assert.True(ExtensionHandshake.TryParse(
            rig.Take(peer).Single(message => message.Id == MessageId.Extended).Payload.Span, out ExtensionHandshake handshake));
        Assert.Equal(_info.Length, handshake.MetadataSize);
        Assert.Contains(handshake.Extensions, extension => extension.Name == "ut_metadata");
    }

    [Fact]
    public void Every_piece_is_served_and_the_bytes_are_read_once()
    {
        TorrentRig rig = Rig();
        PeerKey peer = Connect(rig, 1);
        Ask(rig, peer, [.. Enumerable.Range(0, 20)]);
        Assert.Empty(rig.Take(peer));
        rig.Machine.OnMetadataRead(_info, rig.Now);
        byte[] given = [.. Given(rig, peer, TimeSpan.FromSeconds(1)).SelectMany(bytes => bytes)];
        Assert.Equal(_info, given);
        Ask(rig, peer, 3);
        Assert.Single(Given(rig, peer, TimeSpan.FromSeconds(1)));
        Assert.Equal(1, rig.Effects.MetadataReads);

        // In the end the bytes are released.
        rig.Advance(TimeSpan.FromMinutes(1));
        Ask(rig, peer, 3);
        Assert.Equal(2, rig.Effects.MetadataReads);
    }

    [Fact]
    public void Pieces_that_do_not_exist_are_refused()
    {
        TorrentRig rig = Rig();
        PeerKey peer = Connect(rig, 1);
        Ask(rig, peer, 20);
        Assert.Equal([20], Refused(rig, peer));
        Assert.Equal(0, rig.Effects.MetadataReads);
    }

    [Fact]
    public void A_peer_that_requests_too_much_at_once_is_refused_the_rest()
    {
        TorrentRig rig = Rig();
        PeerKey greedy = Connect(rig, 1);
        PeerKey modest = Connect(rig, 2);
        Ask(rig, greedy, [.. Enumerable.Repeat(0, ExchangeLimits.MaxMetadataRequestsPerPeer + 5)]);
        Ask(rig, modest, 1);
        Assert.Equal(5, Refused(rig, greedy).Length);
        rig.Machine.OnMetadataRead(_info, rig.Now);
        Assert.Single(Given(rig, modest, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void A_host_with_many_connections_keeps_no_other_away_from_it()
    {
        TorrentRig rig = Rig();
        for (int i = 0; i < 16; i++)
        {
            PeerKey greedy = rig.Connect(1, id: 100 + i);
            rig.Receive(greedy, PeerMessage.Extended(0, MetadataSwarm.Offer(null)));
            Ask(rig, greedy, [.. Enumerable.Repeat(0, ExchangeLimits.MaxMetadataRequestsPerPeer)]);
        }

        PeerKey modest = Connect(rig, 2);
        Ask(rig, modest, [.. Enumerable.Range(0, 20)]);
        rig.Machine.OnMetadataRead(_info, rig.Now);

        // 40 pieces are served at once or within the time, of a thousand that were requested before.
        Assert.Equal(20, Given(rig, modest, TimeSpan.FromSeconds(0.5)).Count);
    }

    [Fact]
    public void Many_hosts_together_leave_room_for_another()
    {
        TorrentRig rig = Rig();
        for (int i = 1; i <= 40; i++)
            Ask(rig, Connect(rig, i), [.. Enumerable.Repeat(0, ExchangeLimits.MaxMetadataRequestsPerPeer)]);
        PeerKey late = Connect(rig, 50);
        Ask(rig, late, 3);
        Assert.Empty(Refused(rig, late));
    }

    [Fact]
    public void A_peer_that_fetches_it_from_a_full_seed_is_not_the_first_to_go()
    {
        TorrentRig rig = new TorrentRig(info: _info, settings: new Core.Torrents.TorrentSettings { MaxPeers = 2 }).StartComplete();
        PeerKey fetching = Connect(rig, 1);
        PeerKey idle = Connect(rig, 2);
        rig.Advance(TimeSpan.FromSeconds(5));
        Ask(rig, fetching, 0);
        rig.Machine.OnMetadataRead(_info, rig.Now);
        rig.Connect(3);
        Assert.Equal(DisconnectReason.Useless, rig.DropOf(idle));
        Assert.Null(rig.DropOf(fetching));

        // A peer does not hold a place by asking again and again.
        for (int i = 0; i < 100; i++)
        {
            Ask(rig, fetching, 0);
            rig.Advance(TimeSpan.FromSeconds(1));
        }

        rig.Connect(4);
        rig.Connect(5);
        Assert.Equal(DisconnectReason.Useless, rig.DropOf(fetching));
    }

    [Fact]
    public void It_is_served_at_a_bounded_rate()
    {
        TorrentRig rig = Rig();
        PeerKey[] peers = [.. Enumerable.Range(1, 10).Select(number => Connect(rig, number))];
        foreach (PeerKey peer in peers)
            Ask(rig, peer, [.. Enumerable.Repeat(0, ExchangeLimits.MaxMetadataRequestsPerPeer)]);
        rig.Machine.OnMetadataRead(_info, rig.Now);
        rig.Advance(TimeSpan.FromSeconds(2));
        long sent = peers.Sum(peer => rig.Take(peer).Sum(message => (long)message.Payload.Length));
        Assert.InRange(sent, 2 << 20, 6 << 20);
    }

    [Fact]
    public void Bytes_that_cannot_be_read_are_refused_and_not_tried_again_at_once()
    {
        TorrentRig rig = Rig();
        PeerKey peer = Connect(rig, 1);
        Ask(rig, peer, 0, 1);
        rig.Machine.OnMetadataRead(default, rig.Now);
        Assert.Equal([0, 1], Refused(rig, peer));
        Ask(rig, peer, 2);
        Assert.Equal([2], Refused(rig, peer));
        Assert.Equal(1, rig.Effects.MetadataReads);
        rig.Pass(TimeSpan.FromMinutes(1));
        Ask(rig, peer, 2);
        Assert.Equal(2, rig.Effects.MetadataReads);
    }

    [Fact]
    public void A_peer_that_left_is_sent_nothing()
    {
        TorrentRig rig = Rig();
        PeerKey peer = Connect(rig, 1);
        Ask(rig, peer, 0);
        rig.Machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, rig.Now);
        rig.Machine.OnMetadataRead(_info, rig.Now);
        Assert.Empty(rig.Take(peer));
    }

    [Fact]
    public void Metadata_of_a_private_torrent_is_not_served()
    {
        TorrentRig rig = new TorrentRig(info: _info, isPrivate: true).Start();
        PeerKey peer = rig.Connect(1);
        Assert.True(ExtensionHandshake.TryParse(
            rig.Take(peer).Single(message => message.Id == MessageId.Extended).Payload.Span, out ExtensionHandshake handshake));
        Assert.Null(handshake.MetadataSize);
        Assert.DoesNotContain(handshake.Extensions, extension => extension.Name == "ut_metadata");
        rig.Receive(peer, PeerMessage.Extended(0, MetadataSwarm.Offer(null)));
        Ask(rig, peer, 0);
        Assert.Equal(0, rig.Effects.MetadataReads);
        Assert.Empty(rig.Take(peer));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fetched_metadata_is_served_unless_it_turned_out_to_be_private(bool isPrivate)
    {
        TorrentRig rig = new(isMagnet: true, isPrivateKnown: false, info: _info, isPrivate: isPrivate);
        rig.Machine.Start(Core.Torrents.StartingPoint.Empty(0), rig.Now);
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Manual, rig.Now);
        PeerKey peer = Connect(rig, 1);
        rig.Machine.OnMetadata(rig.Metainfo, Core.Torrents.StartingPoint.Empty(rig.Layout.PieceCount), rig.Now);
        Assert.True(ExtensionHandshake.TryParse(
            rig.Take(peer).Single(message => message.Id == MessageId.Extended).Payload.Span, out ExtensionHandshake update));
        Assert.Equal(isPrivate ? null : _info.Length, update.MetadataSize);
        Assert.Equal(isPrivate ? 0 : 1, update.Extensions.Single(extension => extension.Name == "ut_metadata").Number);
        Ask(rig, peer, 0);
        rig.Machine.OnMetadataRead(_info, rig.Now);
        Assert.Equal(isPrivate ? 0 : 1, Given(rig, peer, TimeSpan.FromSeconds(1)).Count);
    }

    private static PeerKey Connect(TorrentRig rig, int number)
    {
        PeerKey peer = rig.Connect(number);
        rig.Receive(peer, PeerMessage.Extended(0, MetadataSwarm.Offer(null)));
        rig.Take(peer);
        return peer;
    }

    private static void Ask(TorrentRig rig, PeerKey peer, params int[] pieces)
    {
        foreach (int piece in pieces)
            rig.Receive(peer, PeerMessage.Extended(ExtensionRows.Metadata.Number, MetadataMessage.Request(piece)));
    }

    private static List<byte[]> Given(TorrentRig rig, PeerKey peer, TimeSpan within)
    {
        rig.Advance(within);
        List<byte[]> pieces = [];
        foreach (PeerMessage message in rig.Take(peer).Where(message => message.Number == MetadataSwarm.TheirNumber))
        {
            Assert.True(MetadataMessage.TryParse(message.Payload.Span, out MetadataMessage data));
            Assert.Equal(MetadataMessageKind.Data, data.Kind);
            pieces.Add(data.Bytes.ToArray());
        }

        return pieces;
    }

    private static int[] Refused(TorrentRig rig, PeerKey peer) => [.. rig.Take(peer).Select(message =>
    {
        Assert.True(MetadataMessage.TryParse(message.Payload.Span, out MetadataMessage reject));
        Assert.Equal(MetadataMessageKind.Reject, reject.Kind);
        return reject.Piece;
    })];

    private TorrentRig Rig() => new TorrentRig(info: _info).Start();
}
