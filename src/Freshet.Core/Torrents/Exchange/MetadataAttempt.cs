using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// An attempt to assemble metadata of one size, from all peers that claim that size or from a single one. Memory is allocated as pieces
/// arrive, so that claiming a size costs us nothing.
/// </summary>
/// <param name="size">Bytes of the metadata.</param>
/// <param name="source">The only peer to request from; null for all.</param>
/// <param name="now">When the attempt begins.</param>
internal sealed class MetadataAttempt(int size, PeerKey? source, Timestamp now)
{
    // Towards the end each piece is requested from two peers, so that the slower one does not hold us up.
    private const int MostAsked = 2;

    private readonly byte[]?[] _pieces = new byte[]?[MetadataMessage.PieceCountOf(size)];
    private readonly BlockSender[] _senders = new BlockSender[MetadataMessage.PieceCountOf(size)];
    private readonly byte[] _asked = new byte[MetadataMessage.PieceCountOf(size)];
    private int _missing = MetadataMessage.PieceCountOf(size);

    /// <summary>Bytes of the metadata.</summary>
    public int Size => size;

    /// <summary>The only peer to request from; null for all.</summary>
    public PeerKey? Source => source;

    public Timestamp StartedAt { get; } = now;

    /// <summary>When the last piece arrived.</summary>
    public Timestamp LastProgress { get; private set; } = now;

    /// <summary>Whether every piece has arrived.</summary>
    public bool IsWhole => _missing == 0;

    public int PieceCount => _pieces.Length;

    /// <summary>The number of pieces that have arrived.</summary>
    public int Have => _pieces.Length - _missing;

    /// <summary>The bytes of a piece that has arrived.</summary>
    public ReadOnlySpan<byte> this[int piece] => _pieces[piece];

    /// <summary>The sender of a piece that has arrived.</summary>
    public BlockSender SenderOf(int piece) => _senders[piece];

    /// <summary>
    /// The piece to request from a peer: one that is requested from nobody, else one that is requested from one other peer; null for none.
    /// </summary>
    public int? NextFor(MetadataPeer peer)
    {
        int? also = null;
        for (int piece = 0; piece < _pieces.Length; piece++)
        {
            if (_pieces[piece] is not null || _asked[piece] >= MostAsked || peer.IsAskedFor(this, piece))
                continue;
            if (_asked[piece] == 0)
                return piece;
            also ??= piece;
        }

        return also;
    }

    public void OnAsked(int piece) => _asked[piece]++;

    /// <summary>A request for a piece is no longer counted on.</summary>
    public void OnReleased(int piece) => _asked[piece]--;

    /// <summary>A piece of the required length has arrived. The first copy is kept.</summary>
    public void Put(int piece, ReadOnlySpan<byte> bytes, BlockSender sender, Timestamp when)
    {
        if (_pieces[piece] is not null)
            return;
        _pieces[piece] = bytes.ToArray();
        _senders[piece] = sender;
        _missing--;
        LastProgress = when;
    }

    /// <summary>Whether the assembled metadata matches every info-hash by which a torrent is known.</summary>
    public bool IsOf(SwarmIdentity identity)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (identity.InfoHash is { } v1)
        {
            Hash(HashAlgorithmName.SHA1, hash);
            if (new InfoHash(hash) != v1)
                return false;
        }

        if (identity.InfoHashV2 is { } v2)
        {
            Hash(HashAlgorithmName.SHA256, hash);
            return new InfoHashV2(hash) == v2;
        }

        return true;
    }

    /// <summary>The assembled metadata.</summary>
    public byte[] ToArray()
    {
        byte[] whole = new byte[size];
        for (int piece = 0; piece < _pieces.Length; piece++)
            _pieces[piece]!.CopyTo(whole, piece * MetadataMessage.PieceLength);
        return whole;
    }

    private void Hash(HashAlgorithmName algorithm, Span<byte> into)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(algorithm);
        foreach (byte[]? piece in _pieces)
            hash.AppendData(piece!);
        hash.GetHashAndReset(into);
    }
}
