using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// A try to put metadata of one size together, from all peers that claim the size or from one alone. Memory is taken as pieces come, so
/// that to claim a size costs us nothing.
/// </summary>
/// <param name="size">Bytes of the metadata.</param>
/// <param name="source">The only peer that is asked; null for all.</param>
/// <param name="now">When it begins.</param>
internal sealed class MetadataAttempt(int size, PeerKey? source, Timestamp now)
{
    // Towards the end two are asked for a piece, and the slower one does not hold us up.
    private const int MostAsked = 2;

    private readonly byte[]?[] _pieces = new byte[]?[MetadataMessage.PieceCountOf(size)];
    private readonly BlockSender[] _senders = new BlockSender[MetadataMessage.PieceCountOf(size)];
    private readonly byte[] _asked = new byte[MetadataMessage.PieceCountOf(size)];
    private int _missing = MetadataMessage.PieceCountOf(size);

    /// <summary>Bytes of the metadata.</summary>
    public int Size => size;

    /// <summary>The only peer that is asked; null for all.</summary>
    public PeerKey? Source => source;

    public Timestamp StartedAt { get; } = now;

    /// <summary>When the last piece came.</summary>
    public Timestamp LastProgress { get; private set; } = now;

    /// <summary>Whether every piece is there.</summary>
    public bool IsWhole => _missing == 0;

    public int PieceCount => _pieces.Length;

    /// <summary>Pieces that are there.</summary>
    public int Have => _pieces.Length - _missing;

    /// <summary>The bytes of a piece that is there.</summary>
    public ReadOnlySpan<byte> this[int piece] => _pieces[piece];

    /// <summary>Who sent a piece that is there.</summary>
    public BlockSender SenderOf(int piece) => _senders[piece];

    /// <summary>What to ask a peer for: what nobody is asked for, else what only one other is; null for nothing.</summary>
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

    /// <summary>Somebody who was asked for a piece is not counted on any more.</summary>
    public void OnReleased(int piece) => _asked[piece]--;

    /// <summary>A piece came, of the length that it must have. The first that comes stays.</summary>
    public void Put(int piece, ReadOnlySpan<byte> bytes, BlockSender sender, Timestamp when)
    {
        if (_pieces[piece] is not null)
            return;
        _pieces[piece] = bytes.ToArray();
        _senders[piece] = sender;
        _missing--;
        LastProgress = when;
    }

    /// <summary>Whether the whole has every info-hash by which a torrent is known.</summary>
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

    /// <summary>The whole.</summary>
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
