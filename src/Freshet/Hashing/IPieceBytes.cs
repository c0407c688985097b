namespace Freshet.Hashing;

/// <summary>Where <see cref="PieceHasher"/> gets the bytes of a batch of pieces from; a struct, so that no call is virtual.</summary>
internal interface IPieceBytes
{
    /// <summary>The most bytes that may be asked for at once: a multiple of 64, and the same for all pieces.</summary>
    int ChunkLength { get; }

    /// <summary>
    /// The address of a run of bytes of the batch's <paramref name="index"/>th piece, good until the next call for that piece; 0 if
    /// they cannot be had, and then the piece is not asked for again.
    /// </summary>
    /// <param name="index">The piece's place in the batch.</param>
    /// <param name="offset">Where the run begins within the piece: a multiple of the chunk length.</param>
    /// <param name="length">A chunk, or what is left of the piece.</param>
    nint Get(int index, int offset, int length);
}
