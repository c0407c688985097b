using System.Security.Cryptography;

namespace Freshet.Hashing;

/// <summary>
/// Hashes pieces of equal length: several together in vector lanes where that is faster, else one by one with the framework's
/// SHA-1, which uses the processor's instructions for it. Allocates nothing per piece. One thread at a time.
/// </summary>
internal sealed unsafe class PieceHasher : IDisposable
{
    /// <summary>The most pieces of one batch.</summary>
    public const int MaxBatch = Sha1Lanes.Count;

    /// <summary>The longest chunk that a source may have.</summary>
    public const int MaxChunkLength = 64 * 1024;

    private readonly IncrementalHash _one = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly Sha1Lanes? _lanes = Sha1Lanes.IsSupported ? new Sha1Lanes() : null;

    // Dummy input for lanes without a piece.
    private byte[]? _idle;

    /// <summary>Hashes a batch.</summary>
    /// <param name="source">Supplies the bytes.</param>
    /// <param name="count">The number of pieces, up to <see cref="MaxBatch"/>.</param>
    /// <param name="length">The length of each in bytes.</param>
    /// <param name="digests">Room for 20 bytes per piece, one after the other; undefined for pieces that could not be read.</param>
    /// <returns>A bit for each piece that was hashed; the first piece is the lowest bit.</returns>
    public int Hash<TBytes>(ref TBytes source, int count, int length, Span<byte> digests)
        where TBytes : struct, IPieceBytes
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(source.ChunkLength, MaxChunkLength, nameof(source));
        if (_lanes is not null && count >= Sha1Lanes.WorthFrom)
            return HashTogether(_lanes, ref source, count, length, digests);

        int hashed = 0;
        for (int i = 0; i < count; i++)
        {
            if (HashOne(ref source, i, length, digests[(i * Sha1Lanes.DigestLength)..]))
                hashed |= 1 << i;
        }

        return hashed;
    }

    public void Dispose() => _one.Dispose();

    private bool HashOne<TBytes>(ref TBytes source, int index, int length, Span<byte> digest)
        where TBytes : struct, IPieceBytes
    {
        bool good = true;
        for (int offset = 0; offset < length && good; offset += source.ChunkLength)
        {
            int chunk = Math.Min(source.ChunkLength, length - offset);
            nint address = source.Get(index, offset, chunk);
            good = address != 0;
            if (good)
                _one.AppendData(new ReadOnlySpan<byte>((byte*)address, chunk));
        }

        _one.GetHashAndReset(digest[..Sha1Lanes.DigestLength]);
        return good;
    }

    private int HashTogether<TBytes>(Sha1Lanes lanes, ref TBytes source, int count, int length, Span<byte> digests)
        where TBytes : struct, IPieceBytes
    {
        Span<nint> addresses = stackalloc nint[Sha1Lanes.Count];
        Span<byte> all = stackalloc byte[Sha1Lanes.Count * Sha1Lanes.DigestLength];
        int hashed = (1 << count) - 1;
        addresses.Fill(IdleAddress());
        int offset = 0;
        while (true)
        {
            int chunk = Math.Min(source.ChunkLength, length - offset);
            for (int i = 0; i < count; i++)
            {
                nint address = (hashed & (1 << i)) == 0 ? 0 : source.Get(i, offset, chunk);
                addresses[i] = address == 0 ? IdleAddress() : address;
                if (address == 0)
                    hashed &= ~(1 << i);
            }

            offset += chunk;
            if (offset >= length || hashed == 0)
            {
                lanes.Finish(addresses, chunk, all);
                break;
            }

            lanes.Update(addresses, chunk);
        }

        all[..(count * Sha1Lanes.DigestLength)].CopyTo(digests);
        return hashed;
    }

    private nint IdleAddress()
    {
        _idle ??= GC.AllocateArray<byte>(MaxChunkLength, pinned: true);
        return (nint)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_idle, 0);
    }
}
