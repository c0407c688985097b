using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Pieces;

public class PickerPropertyTests
{
    [Fact]
    public void Whatever_peers_do_the_books_are_right_and_the_torrent_is_finished() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Download download = new(seed);
            for (int i = 0; i < 400; i++)
                download.DoSomething();
            download.Finish();
        }).Holds(60);

    [Fact]
    public void Picking_and_receiving_allocate_nothing()
    {
        const int Rounds = 1_000;
        Picking picking = new(pieces: 20_000, blocksPerPiece: 8);
        Bitfield all = picking.All();
        for (int i = 0; i < 8; i++)
            picking.Availability.AddPeer(all);
        BlockRef[] into = new BlockRef[16];
        List<PeerKey> alsoAsked = new(PieceLimits.MaxRequestersPerBlock);
        Assert.Equal(0, Allocations.Of(Run));
        Assert.False(picking.Ledger.IsFinished, "there must be something to pick to the end");

        void Run()
        {
            for (int i = 0; i < Rounds; i++)
            {
                PeerKey peer = new(i % 8);
                int count = picking.Picker.Pick(new PickContext { Peer = peer, Has = all, Pace = (PeerPace)(i % 3) }, into);
                foreach (BlockRef block in into.AsSpan(0, count))
                {
                    if (picking.Ledger.Receive(block, peer, alsoAsked) == BlockOutcome.CompletesPiece)
                        picking.Ledger.MarkHave(block.Piece);
                }
            }
        }
    }

    /// <summary>A torrent and its peers, who do anything that they may; who was asked for what is noted beside the ledger.</summary>
    private sealed class Download
    {
        private readonly Random _random;
        private readonly Picking _picking;
        private readonly Dictionary<int, (Bitfield Has, HashSet<BlockRef> Asked)> _peers = [];
        private int _nextPeer;

        public Download(int seed)
        {
            _random = new Random(seed);
            _picking = new Picking(_random.Next(1, 60), _random.Next(1, 9), seed);
            _picking.Picker.IsSequential = _random.Next(4) == 0;
        }

        private PieceLedger Ledger => _picking.Ledger;

        public void DoSomething()
        {
            PieceIndex piece = new(_random.Next(_picking.Layout.PieceCount));
            switch (_random.Next(12))
            {
                case 0 when _peers.Count < 12:
                    Join();
                    break;
                case 1 when _peers.Count > 0:
                    Leave(RandomPeer());
                    break;
                case 2 when _peers.Count > 0:
                    _picking.Availability.AddHave(_peers[RandomPeer()].Has, piece);
                    break;
                case 3:
                    Ledger.SetPriority(piece, (PiecePriority)_random.Next(4));
                    break;
                case 4:
                    _picking.Picker.Deadlines.Set(piece, new Timestamp(_random.Next(1_000)));
                    break;
                case 5 when Ledger.Have[piece]:
                    Ledger.MarkLost(piece);
                    break;
                case 6 when _peers.Count > 0:
                    Reject(RandomPeer());
                    break;
                case 7 or 8 when _peers.Count > 0:
                    Deliver(RandomPeer());
                    break;
                default:
                    if (_peers.Count > 0)
                        Ask(RandomPeer());
                    break;
            }

            Check();
        }

        public void Finish()
        {
            foreach (int peer in _peers.Keys.ToArray())
                Leave(peer);
            Join(seed: true);
            int only = Assert.Single(_peers.Keys);
            for (int i = 0; i < 10_000 && !Ledger.IsFinished; i++)
            {
                if (_peers[only].Asked.Count == 0)
                    Assert.NotEqual(0, Ask(only, kind: 1));
                Deliver(only, fails: false);
                Check();
            }

            Assert.True(Ledger.IsFinished);
            Assert.Equal(0, Ledger.WantedBytesLeft);
        }

        private int RandomPeer() => _peers.Keys.ElementAt(_random.Next(_peers.Count));

        private void Join(bool seed = false)
        {
            Bitfield has = new(_picking.Layout.PieceCount);
            int share = seed ? 1 : _random.Next(1, 5);
            for (int i = 0; i < has.Length; i++)
            {
                if (_random.Next(share) == 0)
                    has.Add(new PieceIndex(i));
            }

            _peers.Add(_nextPeer++, (has, []));
            _picking.Availability.AddPeer(has);
        }

        private void Leave(int peer)
        {
            foreach (BlockRef block in _peers[peer].Asked)
                Ledger.Release(block, new PeerKey(peer));
            _picking.Picker.Abandon(new PeerKey(peer));
            _picking.Availability.RemovePeer(_peers[peer].Has);
            _peers.Remove(peer);
        }

        private int Ask(int peer, int? kind = null)
        {
            (Bitfield has, HashSet<BlockRef> asked) = _peers[peer];
            bool anyFree = _picking.Availability.AnyOpen || Ledger.Started.WithFree.ToArray()
                .Any(piece => Ledger.IsMissing(piece.Piece) && _picking.Availability[piece.Piece] > 0);
            Timestamp now = new(_random.Next(1_000));
            PickContext context = _picking.Peer(peer, has, (PeerPace)(kind ?? _random.Next(3))) with
            {
                IsSnubbed = kind is null && _random.Next(5) == 0,
                IsAnswering = kind is not null || _random.Next(3) > 0,
                Outstanding = kind is null ? _random.Next(10) : 0,
                IsOnParole = kind is null && _random.Next(5) == 0,
                Now = now,
            };
            BlockRef[] picked = _picking.Pick(context, _random.Next(1, 20));
            foreach (BlockRef block in picked)
            {
                Assert.True(has[block.Piece], "it must have the piece");
                Assert.True(asked.Add(block), "it must not have been asked for the block");
                Assert.InRange(block.Index, 0, _picking.Layout.BlockCountOf(block.Piece) - 1);
                Assert.NotEqual(PiecePriority.Skip, Ledger.PriorityOf(block.Piece));
                int others = _peers.Values.Count(other => other.Asked.Contains(block)) - 1;
                Assert.True(others < PieceLimits.MaxRequestersPerBlock, "only a few may be asked");
                bool isLate = _picking.Picker.Deadlines.All.ToArray().Any(deadline => deadline.Piece == block.Piece && deadline.Due <= now);
                Assert.True(others == 0 || isLate || !anyFree, "asked twice outside endgame");
            }

            return picked.Length;
        }

        private void Reject(int peer)
        {
            HashSet<BlockRef> asked = _peers[peer].Asked;
            foreach (BlockRef block in asked.Take(_random.Next(1, 4)).ToArray())
            {
                Assert.True(Ledger.Release(block, new PeerKey(peer)));
                asked.Remove(block);
            }
        }

        private void Deliver(int peer, bool? fails = null)
        {
            HashSet<BlockRef> asked = _peers[peer].Asked;
            foreach (BlockRef block in asked.Take(_random.Next(1, 8)).ToArray())
            {
                asked.Remove(block);
                BlockOutcome outcome = _picking.Receive(block, peer, out PeerKey[] alsoAsked);
                foreach (PeerKey other in alsoAsked)
                    Assert.True(_peers[other.Value].Asked.Remove(block), "only a peer that was asked may be sent a cancel");
                if (outcome == BlockOutcome.CompletesPiece)
                    Judge(block.Piece, fails ?? _random.Next(4) == 0);
            }
        }

        private void Judge(PieceIndex piece, bool fails)
        {
            if (fails)
                Ledger.Discard(piece);
            else
                Ledger.MarkHave(piece);
        }

        private void Check()
        {
            int requested = 0;
            foreach (StartedPiece started in Ledger.Started.All)
            {
                Assert.False(started.IsUntouched, "a piece that is begun must have blocks or requests");
                Assert.False(started.IsComplete, "a piece that is complete must have been judged");
                Assert.False(Ledger.Have[started.Piece]);
                for (int i = 0; i < started.BlockCount; i++)
                    requested += started.RequesterCountOf(i);
            }

            Assert.Equal(_peers.Values.Sum(peer => peer.Asked.Count), requested);
            Assert.Equal(Ledger.Started.WithFree.Length, Ledger.Started.All.Count(piece => piece.FreeCount > 0));
            Assert.Equal(Ledger.Started.Busy.Length, Ledger.Started.All.Count(piece => piece.FreeCount == 0));
            long left = 0;
            for (int i = 0; i < _picking.Layout.PieceCount; i++)
            {
                PieceIndex piece = new(i);
                PiecePriority priority = Ledger.PriorityOf(piece);
                bool missing = priority != PiecePriority.Skip && !Ledger.Have[piece];
                Assert.Equal(missing, Ledger.IsMissing(piece));
                Assert.Equal(missing && !Ledger.Started.TryGet(piece, out _), Ledger.IsOpen(piece));
                for (PiecePriority order = PiecePriority.Low; order <= PiecePriority.High; order++)
                    Assert.Equal(Ledger.IsOpen(piece) && priority == order, _picking.Availability.OrderOf(order).Members[piece]);
                left += missing ? _picking.Layout.LengthOf(piece) : 0;
            }

            Assert.Equal(left, Ledger.WantedBytesLeft);
            Assert.Equal(Ledger.Started.All.Sum(piece => (long)piece.ReceivedCount * Limits.BlockLength), Ledger.UnverifiedBytes);
        }
    }
}
