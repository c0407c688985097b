namespace Freshet.Hashing;

/// <summary>Supplies the bytes of a batch of pieces to <see cref="PieceHasher"/>; a struct, so that no call is virtual.</summary>
internal interface IPieceBytes
{
    /// <summary>The most bytes that may be requested at once: a multiple of 64, and the same for all pieces.</summary>
    int ChunkLength { get; }

    /// <summary>
    /// The address of a run of bytes of the batch's <paramref name="index"/>th piece, valid until the next call for that piece; 0 if they
    /// cannot be read, after which the piece is not requested again.
    /// </summary>
    /// <param name="index">The piece's place in the batch.</param>
    /// <param name="offset">Where the run begins within the piece: a multiple of the chunk length.</param>
    /// <param name="length">A chunk, or what is left of the piece.</param>
    nint Get(int index, int offset, int length);
}
