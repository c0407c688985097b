using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents;

public class FirstCopyTests
{
    private const byte Losing = 9;
    private const byte Uploading = 8;

    [Fact]
    public void A_peer_that_is_there_alone_is_told_of_everything()
    {
        TorrentRig rig = Rig();
        PeerKey peer = rig.Connect(1);
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.HaveAll);
    }

    [Fact]
    public void Of_several_peers_each_is_told_of_other_pieces_and_served_nothing_else()
    {
        TorrentRig rig = Rig();
        PeerKey[] peers = Several(rig);
        PieceIndex[][] told = [.. peers.Select(peer => Haves(rig, peer))];
        Assert.All(told, pieces => Assert.Single(pieces));
        Assert.Equal(peers.Length, told.SelectMany(static pieces => pieces).Distinct().Count());

        // Not the first ones, with which other seeds would begin, too.
        Assert.NotEqual([0, 1, 2], told.Select(static pieces => pieces[0].Value).Order());
        rig.Receive(peers[0], PeerMessage.Interested);
        rig.Receive(peers[0], PeerMessage.Request(new BlockRange(told[1][0], 0, 16384)));
        Assert.Empty(rig.Effects.Outbox);
        rig.Receive(peers[0], PeerMessage.Request(new BlockRange(told[0][0], 0, 16384)));
        Assert.Single(rig.Effects.Outbox);
    }

    [Fact]
    public void When_the_peers_have_everything_between_them_all_are_told_of_it()
    {
        TorrentRig rig = Rig();
        PeerKey[] peers = Several(rig);
        PieceIndex[] told = Haves(rig, peers[1]);

        // Also while something is still to be sent.
        rig.Receive(peers[1], PeerMessage.Interested, PeerMessage.Request(Block(told[0].Value, 0)));
        rig.Receive(peers[0], PeerMessage.Bitfield(rig.Pieces([.. Enumerable.Range(0, 16)])));
        rig.Receive(peers[2], PeerMessage.Bitfield(rig.Pieces([.. Enumerable.Range(16, 16)])));
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(rig.Layout.PieceCount, told.Concat(Haves(rig, peers[1])).Distinct().Count());
    }

    [Fact]
    public void A_seed_that_sends_nothing_hides_nothing()
    {
        TorrentRig rig = Rig();
        PeerKey[] peers = Several(rig);
        rig.Advance(TimeSpan.FromSeconds(5));
        Assert.All(peers, peer => Assert.Equal(rig.Layout.PieceCount, Haves(rig, peer).Length));
        PeerKey late = rig.Connect(9);
        Assert.Contains(rig.Take(late), message => message.Id == MessageId.HaveAll);
    }

    [Fact]
    public void Nothing_is_hidden_if_the_user_says_so()
    {
        TorrentRig rig = Rig(SuperSeeding.Never);
        rig.Connect(1);
        Assert.Contains(rig.Take(rig.Connect(2)), message => message.Id == MessageId.HaveAll);
    }

    [Fact]
    public void By_choice_even_one_peer_alone_is_told_of_little()
    {
        TorrentRig rig = Rig(SuperSeeding.Always);
        PeerKey peer = rig.Connect(1);
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.HaveNone);
        rig.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Single(Haves(rig, peer));
    }

    // The peer that was there first.

    [Fact]
    public void When_others_come_all_that_the_first_has_not_asked_for_is_taken_back()
    {
        TorrentRig rig = Rig();
        PeerKey first = ConnectFirst(rig, metadataSize: 1_000);
        rig.Receive(first, PeerMessage.Interested);
        rig.Receive(first, PeerMessage.Request(Block(3, 0)));
        rig.Take(first);
        PeerKey[] others = Join(rig);
        List<PeerMessage> said = rig.Take(first);

        // It would disconnect if it thought that neither of us wants anything.
        int wants = said.FindIndex(static message => message.Number == Uploading && message.Payload.Span[0] == 0);
        Assert.InRange(wants, 0, said.FindIndex(static message => message.Number == Losing));
        Assert.Equal(Enumerable.Range(0, 32).Except([3]), Lost(said));
        Assert.DoesNotContain(new PieceIndex(3), others.SelectMany(other => Haves(rig, other)));

        rig.Receive(first, PeerMessage.Request(Block(4, 0)), PeerMessage.Request(Block(3, 1)));
        Assert.Contains(rig.Take(first), message => message.Id == MessageId.RejectRequest && message.Range == Block(4, 0));
        Assert.Equal([Block(3, 0), Block(3, 1)], rig.Effects.Outbox.Select(static sent => sent.Block));
    }

    /// <summary>Otherwise its first requests would be rejected, and clients ask more slowly then.</summary>
    [Fact]
    public void The_first_is_not_unchoked_before_it_knows_what_it_may_ask_for()
    {
        TorrentRig rig = Rig();
        PeerKey first = rig.Connect(1);
        foreach (PeerKey other in new[] { rig.Connect(2), rig.Connect(3) })
            rig.Receive(other, PeerMessage.HaveNone);
        rig.Advance(TimeSpan.FromMilliseconds(120));
        rig.Receive(first, Offer(metadataSize: 1_000), PeerMessage.HaveNone, PeerMessage.Interested);
        List<PeerMessage> said = rig.Take(first);
        Assert.NotEmpty(Lost(said));
        Assert.InRange(
            said.FindIndex(static message => message.Id == MessageId.Unchoke),
            said.FindLastIndex(static message => message.Number == Losing), int.MaxValue);
    }

    [Fact]
    public void However_many_pieces_the_first_has_asked_for_none_of_them_is_taken_back()
    {
        const int Asked = FirstCopyLimits.MaxAskedPieces + 10;
        TorrentRig rig = Rig(pieces: Asked + 5);
        PeerKey first = ConnectFirst(rig, metadataSize: 1_000);
        rig.Receive(first, PeerMessage.Interested);
        for (int i = 0; i < Asked; i++)
            Send(rig, first, Block(i, 0));
        rig.Take(first);
        Join(rig);
        Assert.Equal(Enumerable.Range(Asked, 5), Lost(rig.Take(first)));
    }

    /// <summary>Clients ignore a loss of pieces that they do not know, and would ask for them in vain later.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_taken_back_from_the_first_before_it_has_the_metadata(bool saysHave)
    {
        TorrentRig rig = Rig();
        PeerKey first = ConnectFirst(rig, metadataSize: null);
        Join(rig);
        Assert.Empty(Lost(rig.Take(first)));
        rig.Receive(first, saysHave ? PeerMessage.Have(new PieceIndex(5)) : PeerMessage.Interested);
        rig.Advance(TimeSpan.FromSeconds(0.5));
        Assert.NotEmpty(Lost(rig.Take(first)));
    }

    [Fact]
    public void What_the_first_got_is_told_to_nobody_else_before_everything_is()
    {
        TorrentRig rig = Rig();
        PeerKey first = rig.Connect(1);
        rig.Receive(first, PeerMessage.HaveNone, PeerMessage.Interested);
        Serve(rig, first, new PieceIndex(3));
        PeerKey[] others = Join(rig);
        List<PieceIndex> told = Pass(rig, others, pieces: 31, Serve);
        Assert.Equal(31, told.Distinct().Count());
        Assert.DoesNotContain(new PieceIndex(3), told);
    }

    // When it is over.

    [Fact]
    public void When_each_piece_has_left_once_all_are_told_of_everything_and_so_is_who_comes_within_a_minute()
    {
        TorrentRig rig = Rig();
        rig.Connect(1);
        PeerKey[] peers = Join(rig);
        List<PieceIndex> told = Pass(rig, peers, pieces: 32, Serve);
        Assert.Equal(32, told.Distinct().Count());
        rig.Advance(TimeSpan.FromSeconds(0.5));
        Assert.All(peers, peer => Assert.NotEmpty(Haves(rig, peer)));
        rig.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains(rig.Take(rig.Connect(8)), static message => message.Id == MessageId.HaveAll);
        rig.Advance(TimeSpan.FromSeconds(31));
        Assert.Contains(rig.Take(rig.Connect(9)), static message => message.Id == MessageId.HaveNone);
    }

    [Fact]
    public void What_left_last_has_time_to_arrive_and_to_be_passed_on()
    {
        const int Pieces = 32;
        TorrentRig rig = Rig(pieces: Pieces);
        PeerKey other = rig.Connect(1);
        PeerKey[] peers = Join(rig);
        int served = 0;
        List<PieceIndex> told = Pass(rig, peers, Pieces, (rig, peer, piece) =>
        {
            Serve(rig, peer, piece);
            if (++served < Pieces)
                rig.Receive(peer, PeerMessage.NotInterested, PeerMessage.Interested);
        });
        Assert.Equal(Pieces, told.Distinct().Count());
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.All(peers, peer => Assert.Empty(Haves(rig, peer)));

        // It has arrived; as long as pieces come to be known with others, there are more to come.
        foreach (PeerKey peer in peers)
            rig.Receive(peer, PeerMessage.NotInterested);
        rig.Receive(other, PeerMessage.HaveNone);
        for (int i = 0; i < 10; i++)
        {
            rig.Advance(TimeSpan.FromMilliseconds(20));
            Assert.All(peers, peer => Assert.Empty(Haves(rig, peer)));
            rig.Receive(other, PeerMessage.Have(told[i]));
        }

        rig.Advance(TimeSpan.FromSeconds(0.5));
        Assert.All(peers, peer => Assert.NotEmpty(Haves(rig, peer)));
    }

    /// <summary>The upload rate is measured over five seconds, in which nothing was sent.</summary>
    [Fact]
    public void After_a_rest_more_is_revealed_as_soon_as_much_has_arrived()
    {
        TorrentRig rig = Rig(pieces: 200);
        rig.Advance(TimeSpan.FromSeconds(10));
        rig.Connect(1);
        PeerKey[] peers = Join(rig);
        Pass(rig, peers, pieces: 60, static (rig, peer, piece) =>
        {
            Serve(rig, peer, piece);
            rig.Receive(peer, PeerMessage.NotInterested, PeerMessage.Interested);
        });
        Assert.InRange(peers.Sum(peer => Haves(rig, peer).Length), 30, int.MaxValue);
    }

    /// <summary>Two pass on to each other what they get, the third keeps it.</summary>
    [Fact]
    public void What_only_a_free_rider_has_is_given_to_others_before_everything_is_told()
    {
        const int Pieces = 100;
        TorrentRig rig = Rig(pieces: Pieces);
        rig.Connect(1);
        PeerKey[] peers = Join(rig);
        HashSet<PieceIndex>[] told = [[], [], []];
        for (int round = 0; round < 100 && told[0].Union(told[1]).Count() < Pieces; round++)
        {
            for (int i = 0; i < peers.Length; i++)
            {
                PieceIndex[] haves = Haves(rig, peers[i]);
                rig.Take(peers[i]);
                foreach (PieceIndex piece in haves)
                {
                    told[i].Add(piece);
                    Serve(rig, peers[i], piece);
                    rig.Receive(peers[i], PeerMessage.NotInterested, PeerMessage.Interested);
                    if (i < 2)
                        rig.Receive(peers[1 - i], PeerMessage.Have(piece));
                }
            }

            rig.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(Pieces, told[0].Union(told[1]).Count());
        Assert.InRange(told[2].Count, 1, Pieces / 2);
    }

    [Fact]
    public void A_block_that_is_sent_again_and_again_is_no_whole_piece()
    {
        TorrentRig rig = Rig();
        rig.Connect(1);
        PeerKey[] peers = Join(rig);
        Pass(rig, peers, pieces: 32, static (rig, peer, piece) =>
        {
            for (int i = 0; i < TorrentRig.BlocksPerPiece; i++)
                Send(rig, peer, Block(piece.Value, 0));
        });
        rig.Take(peers[0]);
        rig.Advance(TimeSpan.FromSeconds(0.5));

        // One of those that did not leave may be told, but not all.
        Assert.InRange(Haves(rig, peers[0]).Length, 0, 2);
    }

    [Theory]
    [InlineData((int)MessageId.NotInterested)]
    [InlineData((int)MessageId.Have)]
    [InlineData((int)MessageId.Bitfield)]
    public void What_has_left_counts_until_it_is_heard_of(int news)
    {
        TorrentRig rig = Rig(pieces: 100);
        PeerKey other = rig.Connect(1);
        PeerKey[] peers = Join(rig);
        List<PieceIndex> told = Pass(rig, peers, pieces: 100, Serve, rounds: 40);
        Assert.InRange(told.Count, 3, 10);
        switch ((MessageId)news)
        {
            case MessageId.NotInterested:
                foreach (PeerKey peer in peers)
                    rig.Receive(peer, PeerMessage.NotInterested);
                break;
            case MessageId.Have:
                rig.Receive(other, [PeerMessage.HaveNone, .. told.Select(PeerMessage.Have)]);
                break;
            default:
                // As aria2 says it, which sends another bitfield instead of many Have messages.
                int[] all = [.. told.Select(static piece => piece.Value)];
                rig.Receive(other, PeerMessage.Bitfield(rig.Pieces(all[..1])), PeerMessage.Bitfield(rig.Pieces(all)));
                break;
        }

        Assert.NotEmpty(peers.SelectMany(peer => Haves(rig, peer)));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(0, 0)]
    public void Who_is_told_of_little_needs_no_slot_to_request_it_but_one_for_the_rest(int slots, int mayRequest)
    {
        TorrentRig rig = Rig(slots: slots);
        PeerKey[] peers = Several(rig);
        foreach (PeerKey peer in peers)
            rig.Receive(peer, PeerMessage.Interested);
        Assert.Equal(mayRequest, peers.Count(peer => Last(rig, peer) == MessageId.Unchoke));

        // Nobody requests anything: all are told of everything.
        rig.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(Math.Min(slots, mayRequest), peers.Count(peer => Last(rig, peer) == MessageId.Unchoke));

        static MessageId? Last(TorrentRig rig, PeerKey peer) => rig.Effects.Sent
            .Where(entry => entry.Peer == peer && entry.Message.Id is (MessageId.Unchoke or MessageId.Choke))
            .Select(static entry => (MessageId?)entry.Message.Id).LastOrDefault();
    }

    private static TorrentRig Rig(SuperSeeding mode = SuperSeeding.Automatic, int pieces = 32, int? slots = null) =>
        new TorrentRig(pieces, settings: new TorrentSettings { SuperSeeding = mode, UploadSlots = slots }, decidesOffer: true)
            .StartComplete();

    // Three that are told of little; a fourth was there before, and knows everything.
    private static PeerKey[] Several(TorrentRig rig)
    {
        rig.Connect(1);
        PeerKey[] peers = [rig.Connect(2), rig.Connect(3), rig.Connect(4)];
        foreach (PeerKey peer in peers)
        {
            Assert.Contains(rig.Effects.Sent, entry => entry.Peer == peer && entry.Message.Id == MessageId.HaveNone);
            rig.Receive(peer, PeerMessage.HaveNone);
        }

        rig.Advance(TimeSpan.FromSeconds(0.3));
        return peers;
    }

    // A peer that was there alone, and understands that something is taken back.
    private static PeerKey ConnectFirst(TorrentRig rig, int? metadataSize)
    {
        PeerKey first = rig.Connect(1);
        rig.Receive(first, Offer(metadataSize), PeerMessage.HaveNone);
        return first;
    }

    private static PeerMessage Offer(int? metadataSize)
    {
        ExtensionHandshake handshake = new()
        {
            Extensions = [new PeerExtension("lt_donthave", Losing), new PeerExtension("upload_only", Uploading)],
            MetadataSize = metadataSize,
        };
        return PeerMessage.Extended(ExtensionHandshake.MessageNumber, handshake.ToArray());
    }

    // Three that are told of little, and want it.
    private static PeerKey[] Join(TorrentRig rig)
    {
        PeerKey[] peers = [rig.Connect(2), rig.Connect(3), rig.Connect(4)];
        foreach (PeerKey peer in peers)
            rig.Receive(peer, PeerMessage.HaveNone, PeerMessage.Interested);
        rig.Advance(TimeSpan.FromSeconds(0.3));
        return peers;
    }

    // The peers are served what they are told of, until they were told of so many pieces. They say nothing of what they have.
    private static List<PieceIndex> Pass(
        TorrentRig rig, PeerKey[] peers, int pieces, Action<TorrentRig, PeerKey, PieceIndex> serve, int rounds = 200)
    {
        List<PieceIndex> told = [];
        for (int round = 0; round < rounds && told.Count < pieces; round++)
        {
            foreach (PeerKey peer in peers)
            {
                PieceIndex[] haves = Haves(rig, peer);
                rig.Take(peer);
                told.AddRange(haves);
                foreach (PieceIndex piece in haves)
                    serve(rig, peer, piece);
            }

            rig.Advance(TimeSpan.FromMilliseconds(20));
        }

        return told;
    }

    private static void Serve(TorrentRig rig, PeerKey peer, PieceIndex piece)
    {
        for (int i = 0; i < TorrentRig.BlocksPerPiece; i++)
            Send(rig, peer, Block(piece.Value, i));
    }

    private static void Send(TorrentRig rig, PeerKey peer, BlockRange block)
    {
        rig.Receive(peer, PeerMessage.Request(block));
        Assert.True(rig.Effects.Outbox.Remove((peer, block)));
        rig.Machine.OnUploaded(peer, block, rig.Now);
    }

    private static BlockRange Block(int piece, int index) => new(new PieceIndex(piece), index * Limits.BlockLength, Limits.BlockLength);

    private static IEnumerable<int> Lost(IEnumerable<PeerMessage> said) => said
        .Where(static message => message.Id == MessageId.Extended && message.Number == Losing)
        .Select(static message => LostPieceMessage.TryParse(message.Payload.Span, out PieceIndex piece) ? piece.Value : -1);

    private static PieceIndex[] Haves(TorrentRig rig, PeerKey peer) =>
        [.. rig.Effects.Sent
            .Where(entry => entry.Peer == peer && entry.Message.Id == MessageId.Have)
            .Select(static entry => entry.Message.Piece)];
}
