using Freshet.Core.Pieces;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Pieces;

public class AvailabilityTests
{
    [Fact]
    public void A_seed_counts_for_every_piece()
    {
        Picking picking = new(pieces: 10);
        picking.Availability.AddPeer(picking.All());
        picking.Availability.AddPeer(picking.Pieces(3));
        Assert.Equal(2, picking.Availability[new PieceIndex(3)]);
        Assert.Equal(1, picking.Availability[new PieceIndex(4)]);
        Assert.Equal((2, 1), (picking.Availability.PeerCount, picking.Availability.SeedCount));
        picking.Availability.RemovePeer(picking.All());
        Assert.Equal(0, picking.Availability[new PieceIndex(4)]);
    }

    [Fact]
    public void A_peer_that_gets_its_last_piece_is_a_seed_from_then_on()
    {
        Picking picking = new(pieces: 3);
        Bitfield peer = picking.Pieces(0, 2);
        picking.Availability.AddPeer(peer);
        Assert.True(picking.Availability.AddHave(peer, new PieceIndex(1)));
        Assert.Equal(1, picking.Availability.SeedCount);
        Assert.All(Enumerable.Range(0, 3), piece => Assert.Equal(1, picking.Availability[new PieceIndex(piece)]));
        picking.Availability.RemovePeer(peer);
        Assert.Equal((0, 0), (picking.Availability.PeerCount, picking.Availability.SeedCount));
        Assert.All(Enumerable.Range(0, 3), piece => Assert.Equal(0, picking.Availability[new PieceIndex(piece)]));
    }

    [Fact]
    public void A_have_that_is_sent_twice_counts_once()
    {
        Picking picking = new(pieces: 3);
        Bitfield peer = picking.Pieces();
        picking.Availability.AddPeer(peer);
        Assert.True(picking.Availability.AddHave(peer, new PieceIndex(1)));
        Assert.False(picking.Availability.AddHave(peer, new PieceIndex(1)));
        Assert.Equal(1, picking.Availability[new PieceIndex(1)]);
    }

    [Fact]
    public void A_torrent_without_pieces_has_availability_too()
    {
        Availability availability = new(0, new Random(1));
        Bitfield nothing = new(0);
        availability.AddPeer(nothing);
        Assert.False(availability.AnyOpen);
        availability.RemovePeer(nothing);
        Assert.Equal(0, availability.PeerCount);
    }

    [Fact]
    public void Ties_are_broken_at_random()
    {
        // Over many torrents, each piece is equally often the first.
        int[] firsts = new int[4];
        for (int seed = 0; seed < 4_000; seed++)
        {
            Picking picking = new(pieces: 5, seed: seed);
            picking.Availability.AddPeer(picking.Pieces(4));
            firsts[picking.Availability.OrderOf(PiecePriority.Normal).Ranked[0]]++;
        }

        Assert.All(firsts, count => Assert.InRange(count, 850, 1_150));
    }

    [Fact]
    public void Open_pieces_are_ordered_by_rarity_whatever_happens() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            Swarm swarm = new(random.Next(1, 200), seed);
            for (int i = 0; i < 150; i++)
            {
                swarm.DoSomething(random);
                if (i % 10 == 0)
                    swarm.Check();
            }

            swarm.Check();
        }).Holds(100);

    /// <summary>Peers that come, go and get pieces, and pieces that open and close, beside a plain count of everything.</summary>
    private sealed class Swarm(int pieces, int seed)
    {
        private readonly Availability _availability = Counting(pieces, seed);
        private readonly List<Bitfield> _peers = [];
        private readonly Dictionary<int, PiecePriority> _open = [];

        private static Availability Counting(int pieces, int seed)
        {
            Availability availability = new(pieces, new Random(seed));
            availability.Begin([]);
            return availability;
        }

        public void DoSomething(Random random)
        {
            PieceIndex piece = new(random.Next(pieces));
            switch (random.Next(6))
            {
                case 0:
                    _peers.Add(RandomSet(random));
                    _availability.AddPeer(_peers[^1]);
                    break;
                case 1 when _peers.Count > 0:
                    Bitfield leaves = _peers[random.Next(_peers.Count)];
                    _peers.Remove(leaves);
                    _availability.RemovePeer(leaves);
                    break;
                case 2 or 3 when _peers.Count > 0:
                    _availability.AddHave(_peers[random.Next(_peers.Count)], piece);
                    break;
                case 4 when _open.Remove(piece.Value, out PiecePriority before):
                    _availability.Close(piece, before);
                    break;
                default:
                    PiecePriority priority = (PiecePriority)random.Next(1, 4);
                    if (_open.TryAdd(piece.Value, priority))
                        _availability.Open(piece, priority);
                    break;
            }
        }

        public void Check()
        {
            int[] counts = [.. Enumerable.Range(0, pieces).Select(piece => _peers.Count(peer => peer[new PieceIndex(piece)]))];
            Assert.Equal(counts, Enumerable.Range(0, pieces).Select(piece => _availability[new PieceIndex(piece)]));
            for (PiecePriority priority = PiecePriority.Low; priority <= PiecePriority.High; priority++)
            {
                int[] ranked = _availability.OrderOf(priority).Ranked.ToArray();
                Assert.Equal(_open.Where(pair => pair.Value == priority).Select(pair => pair.Key).Order(), ranked.Order());
                Assert.Equal(ranked.Select(piece => counts[piece]).Order(), ranked.Select(piece => counts[piece]));
            }

            Assert.Equal(_open.Keys.Any(piece => counts[piece] > 0), _availability.AnyOpen);
            foreach (Bitfield peer in _peers)
                CheckFinding(peer, counts);
        }

        private void CheckFinding(Bitfield peer, int[] counts)
        {
            foreach (PiecePriority priority in (PiecePriority[])[PiecePriority.Low, PiecePriority.Normal, PiecePriority.High])
            {
                int[] its = [.. _open
                    .Where(pair => pair.Value == priority && peer[new PieceIndex(pair.Key)])
                    .Select(pair => counts[pair.Key])];
                RarityOrder order = _availability.OrderOf(priority);
                Assert.Equal(its.Length > 0, order.TryFindRarest(peer, commonest: false, out PieceIndex rarest));
                Assert.Equal(its.Length > 0, order.TryFindRarest(peer, commonest: true, out PieceIndex commonest));
                Assert.Equal(its.Length > 0, order.TryFindRandom(peer, out PieceIndex any));
                if (its.Length == 0)
                    continue;
                Assert.True(peer[any] && order.Members[any]);
                Assert.Equal(its.Min(), counts[rarest.Value]);
                Assert.Equal(its.Max(), counts[commonest.Value]);
            }
        }

        private Bitfield RandomSet(Random random)
        {
            Bitfield set = new(pieces);
            int share = random.Next(4) == 0 ? 1 : random.Next(1, 40);
            for (int i = 0; i < pieces; i++)
            {
                if (random.Next(share) == 0)
                    set.Add(new PieceIndex(i));
            }

            return set;
        }
    }
}
