using BenchmarkDotNet.Attributes;
using Freshet.Core.Pieces;

namespace Freshet.Benchmarks;

/// <summary>
/// The bookkeeping of which peers have which pieces, in a swarm of 100,000 pieces and 500 peers that have half of them each.
/// </summary>
[MemoryDiagnoser]
public class AvailabilityBenchmarks
{
    private const int Pieces = 100_000;
    private const int Peers = 500;
    private const int Haves = 100_000;

    private readonly BlockRef[] _into = new BlockRef[16];
    private Swarm _swarm = null!;
    private PieceIndex[] _pieces = [];
    private Bitfield _few = null!;
    private Bitfield _useless = null!;

    [IterationSetup]
    public void SetUp()
    {
        _swarm = Swarm.Create(Pieces, blocksPerPiece: 64, Peers, share: 2);
        Random random = new(2);
        _pieces = [.. Enumerable.Range(0, Haves).Select(_ => new PieceIndex(random.Next(Pieces)))];
        _few = new Bitfield(Pieces);
        for (int i = 0; i < Pieces; i += 1_000)
            _few.Add(new PieceIndex(i));

        // A peer with a tenth of the pieces, all of which we have.
        _useless = new Bitfield(Pieces);
        for (int i = 0; i < Pieces; i += 10)
        {
            _useless.Add(new PieceIndex(i));
            _swarm.Ledger.MarkHave(new PieceIndex(i));
        }
    }

    /// <summary>A peer reports that it has another piece.</summary>
    [Benchmark(OperationsPerInvoke = Haves)]
    public int Have()
    {
        int news = 0;
        for (int i = 0; i < Haves; i++)
            news += _swarm.Availability.AddHave(_swarm.Has[i % Peers], _pieces[i]) ? 1 : 0;
        return news;
    }

    /// <summary>A peer with half of the pieces leaves, and another one joins.</summary>
    [Benchmark(OperationsPerInvoke = 20)]
    public void LeaveAndJoinWithHalf()
    {
        for (int i = 0; i < 10; i++)
        {
            _swarm.Availability.RemovePeer(_swarm.Has[i]);
            _swarm.Availability.AddPeer(_swarm.Has[i]);
        }
    }

    /// <summary>A peer with a hundred pieces joins and leaves.</summary>
    [Benchmark(OperationsPerInvoke = 2_000)]
    public void JoinAndLeaveWithFew()
    {
        for (int i = 0; i < 1_000; i++)
        {
            _swarm.Availability.AddPeer(_few);
            _swarm.Availability.RemovePeer(_few);
        }
    }

    /// <summary>A peer with many pieces has nothing that we want.</summary>
    [Benchmark(OperationsPerInvoke = Haves)]
    public int NothingToBeHad()
    {
        int picked = 0;
        PickContext peer = new() { Peer = new PeerKey(1), Has = _useless };
        for (int i = 0; i < Haves; i++)
            picked += _swarm.Picker.Pick(peer, _into);
        return picked;
    }

    /// <summary>Searches a peer with many pieces for one that we lack. There is none, so all words are looked at.</summary>
    [Benchmark(OperationsPerInvoke = Haves)]
    public int Interest()
    {
        int wanted = 0;
        for (int i = 0; i < Haves; i++)
            wanted += _swarm.Ledger.WantsAnyOf(_useless) ? 1 : 0;
        return wanted;
    }
}
