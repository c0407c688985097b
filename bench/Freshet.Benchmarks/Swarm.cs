using Freshet.Core;
using Freshet.Core.Pieces;

namespace Freshet.Benchmarks;

/// <summary>A torrent of which only the first few pieces are there, and its connected peers.</summary>
internal sealed record Swarm(Availability Availability, PieceLedger Ledger, PiecePicker Picker, Bitfield[] Has)
{
    /// <param name="pieces">The number of pieces.</param>
    /// <param name="blocksPerPiece">The number of blocks of each piece.</param>
    /// <param name="peers">The number of connected peers.</param>
    /// <param name="share">A peer has one of this many pieces, chosen at random.</param>
    public static Swarm Create(int pieces, int blocksPerPiece, int peers, int share)
    {
        Random random = new(1);
        int pieceLength = blocksPerPiece * Limits.BlockLength;
        PieceLayout layout = new(pieceLength, [(long)pieces * pieceLength]);
        Availability availability = new(pieces, random);
        PieceLedger ledger = new(layout, availability);
        ledger.BeginDownload([]);
        for (int i = 0; i < PieceLimits.RandomFirstPieces; i++)
            ledger.MarkHave(new PieceIndex(i * 1_000));
        Bitfield[] has = [.. Enumerable.Range(0, peers).Select(_ => RandomSet(pieces, share, random))];
        foreach (Bitfield peer in has)
            availability.AddPeer(peer);
        return new Swarm(availability, ledger, new PiecePicker(ledger, availability), has);
    }

    private static Bitfield RandomSet(int pieces, int share, Random random)
    {
        Bitfield set = new(pieces);
        for (int i = 0; i < pieces; i++)
        {
            if (share == 1 || random.Next(share) == 0)
                set.Add(new PieceIndex(i));
        }

        return set;
    }
}
