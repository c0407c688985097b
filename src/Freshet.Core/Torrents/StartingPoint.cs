using System.Collections.Immutable;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>What a run begins with.</summary>
/// <param name="Have">The pieces that are there and verified.</param>
/// <param name="Partials">Pieces of which some blocks are on disk, as a resume record keeps them.</param>
/// <param name="ToCheck">The pieces to read from disk and hash before anything else; null or empty if there is nothing to check.</param>
internal sealed record StartingPoint(Bitfield Have, ImmutableArray<PartialPiece> Partials, Bitfield? ToCheck = null)
{
    /// <summary>Whether the right to write is to be asked for before anything is fetched; else the run begins with it.</summary>
    public bool MustClaim { get; init; }

    /// <summary>Nothing is there.</summary>
    public static StartingPoint Empty(int pieceCount) => new(new Bitfield(pieceCount), []);
}
