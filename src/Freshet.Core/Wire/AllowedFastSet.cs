using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Core.Wire;

/// <summary>
/// The pieces that a peer may request even while it is choked (BEP 6, "Allowed Fast Set Generation"): the set is the same for the peer's
/// whole network, whoever computes it.
/// </summary>
internal static class AllowedFastSet
{
    // Each hash draws five pieces. At random, this many are never needed; the limit bounds the loop.
    private const int MostHashes = 1_000;

    /// <summary>Computes the set and returns its size: as many pieces as there is room for, or as the torrent has.</summary>
    /// <param name="pieces">Receives the pieces, in the order in which they are drawn.</param>
    /// <param name="peer">The address of the peer that may request the pieces. For IPv6, which BEP 6 does not cover, the first 64 bits are
    /// used: they identify the network.</param>
    /// <param name="infoHash">The torrent's info-hash.</param>
    /// <param name="pieceCount">The number of pieces of the torrent.</param>
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
