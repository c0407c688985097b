using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>A piece that was revealed to a peer while super-seeding and that the peer does not have yet.</summary>
/// <param name="piece">The piece.</param>
/// <param name="length">The length of the piece in bytes.</param>
/// <param name="now">When the piece was revealed.</param>
internal sealed class Grant(PieceIndex piece, int length, Timestamp now)
{
    public PieceIndex Piece { get; } = piece;

    /// <summary>Bytes of the piece that have not been sent.</summary>
    public int Left { get; private set; } = length;

    /// <summary>When the piece was revealed, or its last block was sent.</summary>
    public Timestamp LastMoved { get; private set; } = now;

    public void OnSent(int bytes, Timestamp now)
    {
        Left = Math.Max(0, Left - bytes);
        LastMoved = now;
    }
}
