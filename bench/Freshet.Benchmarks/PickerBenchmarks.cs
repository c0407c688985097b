using BenchmarkDotNet.Attributes;

using Freshet.Core.Pieces;

namespace Freshet.Benchmarks;

/// <summary>
/// A large swarm: 100,000 pieces of 1 MiB and 500 peers. An operation is one block, which is picked and received; with the last block of a
/// piece, the piece is verified.
/// </summary>
[MemoryDiagnoser]
public class PickerBenchmarks
{
    private const int Pieces = 100_000;
    private const int Peers = 500;
    private const int BlocksPerPiece = 64;
    private const int Blocks = 100_000;

    private readonly BlockRef[] _into = new BlockRef[256];
    private readonly List<PeerKey> _alsoAsked = new(PieceLimits.MaxRequestersPerBlock);
    private Swarm _swarm = null!;
    private int _turn;

    /// <summary>What the peers have: every piece, a random half each, or a random hundredth each.</summary>
    [Params("seeds", "halves", "hundredths")]
    public string Peer { get; set; } = "seeds";

    /// <summary>The number of blocks picked at once.</summary>
    [Params(1, 16)]
    public int PerPick { get; set; }

    [IterationSetup]
    public void SetUp()
    {
        _swarm = Swarm.Create(Pieces, BlocksPerPiece, Peers, Peer switch { "seeds" => 1, "halves" => 2, _ => 100 });
        _turn = 0;

        // Every peer is in the middle of its pieces.
        for (int i = 0; i < Peers * 4; i++)
            Turn(16);
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public int PickAndReceive()
    {
        int blocks = 0;
        while (blocks < Blocks)
            blocks += Turn(PerPick);
        return blocks;
    }

    private int Turn(int most)
    {
        int peer = _turn++ % Peers;
        PickContext context = new() { Peer = new PeerKey(peer), Has = _swarm.Has[peer], Pace = (PeerPace)(peer % 3) };
        int count = _swarm.Picker.Pick(context, _into.AsSpan(0, most));
        foreach (BlockRef block in _into.AsSpan(0, count))
        {
            if (_swarm.Ledger.Receive(block, new PeerKey(peer), _alsoAsked) == BlockOutcome.CompletesPiece)
                _swarm.Ledger.MarkHave(block.Piece);
        }

        return count;
    }
}
