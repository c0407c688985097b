using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>A piece that was revealed to a peer while super-seeding and that the peer does not have yet.</summary>
/// <param name="piece">The piece.</param>
/// <param name="length">The length of the piece in bytes.</param>
/// <param name="now">When the piece was revealed.</param>
internal sealed class Grant(PieceIndex piece, int length, Timestamp now)
{
    private readonly Bitfield _sent = new((length + Limits.BlockLength - 1) / Limits.BlockLength);

    public PieceIndex Piece { get; } = piece;

    /// <summary>The length of the piece in bytes.</summary>
    public int Length { get; } = length;

    /// <summary>Bytes of the blocks that have not been sent. A block that is sent twice, or in parts, does not count.</summary>
    public int Left { get; private set; } = length;

    /// <summary>When the piece was revealed, or a block of it was last sent for the first time.</summary>
    public Timestamp LastMoved { get; private set; } = now;

    public void OnSent(BlockRange range, Timestamp now)
    {
        int end = range.Offset + range.Length;
        for (int i = (range.Offset + Limits.BlockLength - 1) / Limits.BlockLength; i < _sent.Length; i++)
        {
            int begin = i * Limits.BlockLength;
            int size = Math.Min(Limits.BlockLength, Length - begin);
            if (begin + size > end)
                return;
            if (!_sent.Add(new PieceIndex(i)))
                continue;
            Left -= size;
            LastMoved = now;
        }
    }
}
