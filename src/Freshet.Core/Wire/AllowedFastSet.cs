using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Core.Wire;

/// <summary>
/// The pieces that a peer may have even while it is choked (BEP 6, "Allowed Fast Set Generation"): the same for its whole network,
/// whoever computes them.
/// </summary>
internal static class AllowedFastSet
{
    // A piece is drawn five times a hash. So many are never needed by chance; they bound the loop.
    private const int MostHashes = 1_000;

    /// <summary>Computes the set and tells how many pieces it has: as many as there is room for, or as the torrent has.</summary>
    /// <param name="pieces">Receives the pieces, in the order in which they are drawn.</param>
    /// <param name="peer">
    /// The address of the peer that may have the pieces. Of IPv6, which BEP 6 leaves out, the first 64 bits count: they name the network.
    /// </param>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="pieceCount">How many pieces it has.</param>
    public static int Generate(Span<PieceIndex> pieces, IPAddress peer, InfoHash infoHash, int pieceCount)
    {
        int wanted = Math.Min(pieces.Length, pieceCount);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        HashSeed(peer, infoHash, hash);
        int count = 0;
        for (int round = 0; count < wanted && round < MostHashes; round++)
        {
            for (int at = 0; at < hash.Length && count < wanted; at += 4)
            {
                PieceIndex piece = new((int)(BinaryPrimitives.ReadUInt32BigEndian(hash[at..]) % (uint)pieceCount));
                if (!pieces[..count].Contains(piece))
                    pieces[count++] = piece;
            }

            SHA1.HashData(hash, hash);
        }

        return count;
    }

    private static void HashSeed(IPAddress peer, InfoHash infoHash, Span<byte> hash)
    {
        Span<byte> seed = stackalloc byte[16 + InfoHash.Length];
        IPAddress address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        address.TryWriteBytes(seed, out int length);
        if (length == 4)
            seed[3] = 0;
        else
            seed[8..16].Clear();
        infoHash.CopyTo(seed[length..]);
        SHA1.HashData(seed[..(length + InfoHash.Length)], hash);
    }
}
