using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>A piece that a peer was told of while we super-seed, and does not have yet.</summary>
/// <param name="piece">The piece.</param>
/// <param name="length">Its bytes.</param>
/// <param name="now">When the peer was told.</param>
internal sealed class Grant(PieceIndex piece, int length, Timestamp now)
{
    public PieceIndex Piece { get; } = piece;

    /// <summary>Bytes of it that have not been sent.</summary>
    public int Left { get; private set; } = length;

    /// <summary>When the peer was told of it or last got a block of it.</summary>
    public Timestamp LastMoved { get; private set; } = now;

    public void OnSent(int bytes, Timestamp now)
    {
        Left = Math.Max(0, Left - bytes);
        LastMoved = now;
    }
}
