using System.Collections.Immutable;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>The state that a run begins with.</summary>
/// <param name="Have">The verified pieces.</param>
/// <param name="Partials">Pieces of which some blocks are on disk, as recorded in the resume record.</param>
/// <param name="ToCheck">The pieces to read from disk and hash before anything else; null or empty if there is nothing to check.</param>
internal sealed record StartingPoint(Bitfield Have, ImmutableArray<PartialPiece> Partials, Bitfield? ToCheck = null)
{
    /// <summary>Whether the right to write must be obtained before anything is fetched; otherwise the run begins with it.</summary>
    public bool MustClaim { get; init; }

    /// <summary>A starting point without any data.</summary>
    public static StartingPoint Empty(int pieceCount) => new(new Bitfield(pieceCount), []);
}
