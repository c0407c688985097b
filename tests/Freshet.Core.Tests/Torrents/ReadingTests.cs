using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

/// <summary>Readers of a torrent that is being downloaded: what they need is requested first, and arrives in time.</summary>
public class ReadingTests
{
    private static readonly ReaderKey Reader = new(1);

    [Fact]
    public void What_a_reader_needs_next_is_requested_in_order()
    {
        TorrentRig rig = new TorrentRig(pieces: 200).Start();
        Read(rig, piece: 100);
        PeerKey peer = rig.ConnectSeed(1);
        List<int> asked = [];
        for (int i = 0; i < 40; i++)
        {
            List<BlockRange> requests = rig.TakeRequests(peer);
            asked.AddRange(requests.Select(range => range.Piece.Value));
            rig.Pass(TimeSpan.FromMilliseconds(10));
            rig.Receive(peer, [.. requests.Select(rig.Block)]);
            rig.Hash();
        }

        // Until everything before the reader is there.
        List<int> ahead = [.. asked.TakeWhile(static piece => piece >= 100)];
        Assert.Equal(100, ahead[0]);
        Assert.Equal(ahead.Order(), ahead);
        Assert.True(ahead.Count > 100, $"{ahead.Count} blocks were requested in order.");
    }

    [Fact]
    public void A_reader_that_seeks_does_not_wait_behind_earlier_requests()
    {
        TorrentRig rig = new TorrentRig(pieces: 2000).Start();
        PeerKey peer = rig.ConnectSeed(1);
        rig.Serve(peer, rounds: 8);
        int before = rig.TakeRequests(peer).Count;
        Assert.True(before > 20, $"{before} are requested.");
        int missing = Enumerable.Range(1500, 100).First(piece => !rig.Machine.Have[new PieceIndex(piece)]);
        Read(rig, missing);
        List<PeerMessage> sent = rig.Take(peer);
        Assert.True(sent.Count(message => message.Id == MessageId.Cancel) > before / 2);
        PeerMessage first = sent.First(message => message.Id == MessageId.Request);
        Assert.Equal(missing, first.Range.Piece.Value);
        rig.Serve(peer, rounds: 1);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Wasted.Bytes);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_piece_that_is_waited_for_is_divided_among_peers()
    {
        TorrentRig rig = new TorrentRig(pieces: 2000).Start();
        PeerKey[] peers = [.. Enumerable.Range(1, 4).Select(number => rig.ConnectSeed(number))];
        for (int i = 0; i < 6; i++)
        {
            foreach (PeerKey peer in peers)
                rig.Serve(peer, rounds: 1);
        }

        foreach (PeerKey peer in peers)
            rig.Take(peer);
        int missing = Enumerable.Range(0, 2000).Last(piece => !rig.Machine.Have[new PieceIndex(piece)]);
        rig.Machine.MoveReader(Reader, rig.Layout.OffsetOf(new PieceIndex(missing)), rig.Layout.TotalLength, rig.Now);
        int givers = peers.Count(peer => rig.Take(peer).Exists(
            message => message.Id == MessageId.Request && message.Range.Piece.Value == missing));
        Assert.InRange(givers, 2, 4);
    }

    [Fact]
    public void Late_blocks_are_also_requested_from_another_peer()
    {
        TorrentRig rig = new TorrentRig(pieces: 200).Start();
        PeerKey silent = rig.ConnectSeed(1);
        rig.Take(silent);
        Read(rig, piece: 100);
        List<BlockRange> owed = rig.TakeRequests(silent);
        Assert.Contains(owed, range => range.Piece.Value == 100);
        PeerKey other = rig.ConnectSeed(2);
        rig.Advance(TimeSpan.FromSeconds(1));
        rig.Serve(other, rounds: 5);
        Assert.True(rig.Machine.Have[new PieceIndex(100)]);
    }

    [Fact]
    public void A_reader_that_is_gone_leaves_no_deadlines()
    {
        TorrentRig rig = new TorrentRig(pieces: 2000).Start();
        Read(rig, piece: 1500);
        rig.Machine.MoveReader(new ReaderKey(2), 0, rig.Layout.TotalLength, rig.Now);
        PieceDeadlines deadlines = rig.Parts.Deadlines;
        Assert.Equal([0, 1500], FirstTwo(deadlines));
        rig.Machine.EndReader(Reader, rig.Now);
        Assert.Equal([0, 1], FirstTwo(deadlines));
        rig.Machine.EndReader(new ReaderKey(2), rig.Now);
        Assert.Equal(0, deadlines.Count);
    }

    [Theory]
    [InlineData(true, 109)]
    [InlineData(false, 100)]
    public void Urgent_pieces_are_left_to_peers_that_have_shown_how_fast_they_are(bool isOtherProven, int first)
    {
        TorrentRig rig = new TorrentRig(pieces: 5_000).Start();
        PeerKey other = rig.Connect(1);

        // It has only pieces that nobody waits for.
        rig.Receive(other, PeerMessage.Bitfield(rig.Pieces([.. Enumerable.Range(200, 4_000)])), PeerMessage.Unchoke);
        for (int i = 0; i < (isOtherProven ? 5 : 0); i++)
        {
            rig.Pass(TimeSpan.FromMilliseconds(300));
            rig.Serve(other, rounds: 1);
        }

        for (int piece = 100; piece < 110; piece++)
            rig.Machine.SetDeadline([new PieceIndex(piece)], rig.Now + TimeSpan.FromSeconds(3 + ((piece - 100) * 0.1)), rig.Now);
        PeerKey newcomer = rig.ConnectSeed(2);
        Assert.Equal(first, rig.TakeRequests(newcomer)[0].Piece.Value);
    }

    [Fact]
    public void Readers_are_bounded()
    {
        TorrentRig rig = new TorrentRig(pieces: 200).Start();
        for (int i = 0; i < 2 * StreamLimits.MaxReaders; i++)
            rig.Machine.MoveReader(new ReaderKey(i), rig.Layout.OffsetOf(new PieceIndex(i)), rig.Layout.TotalLength, rig.Now);
        Assert.InRange(rig.Parts.Deadlines.Count, StreamLimits.MaxReaders, PieceLimits.MaxDeadlines);
    }

    [Fact]
    public void A_reader_beyond_the_most_takes_the_place_of_one_that_rests()
    {
        TorrentRig rig = new TorrentRig(pieces: 4_000).Start();
        int one = 0;
        int more = StreamLimits.MaxReaders;
        for (int reader = one; reader < more; reader++)
            Move(reader);
        Move(more);
        Assert.False(IsAwaited(more));

        // All but one read on.
        rig.Pass(StreamLimits.ReaderRest);
        for (int reader = one + 1; reader < more; reader++)
            Move(reader);
        Move(more);
        Assert.True(IsAwaited(more));
        Assert.False(IsAwaited(one));
        for (int reader = one + 1; reader < more; reader++)
            Assert.True(IsAwaited(reader));
        Move(one);
        Assert.False(IsAwaited(one));

        void Move(int reader) =>
            rig.Machine.MoveReader(new ReaderKey(reader), rig.Layout.OffsetOf(PieceOf(reader)), rig.Layout.TotalLength, rig.Now);

        bool IsAwaited(int reader) => rig.Parts.Deadlines.All.ToArray().Any(deadline => deadline.Piece == PieceOf(reader));

        static PieceIndex PieceOf(int reader) => new(reader * 50);
    }

    private static int[] FirstTwo(PieceDeadlines deadlines) => [deadlines.All[0].Piece.Value, deadlines.All[1].Piece.Value];

    private static void Read(TorrentRig rig, int piece) =>
        rig.Machine.MoveReader(Reader, rig.Layout.OffsetOf(new PieceIndex(piece)), rig.Layout.TotalLength, rig.Now);
}
