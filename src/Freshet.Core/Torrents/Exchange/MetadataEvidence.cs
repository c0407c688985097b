using System.Security.Cryptography;
using Freshet.Core.Peers;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// What peers sent for metadata that failed its hash check: the hash and sender of each piece, until the true metadata shows who lied. Kept
/// for the last <see cref="ExchangeLimits.MaxMetadataEvidence"/> such attempts.
/// </summary>
internal sealed class MetadataEvidence
{
    private readonly Queue<Exhibit[]> _failed = new();

    public void Add(MetadataAttempt failed)
    {
        if (_failed.Count == ExchangeLimits.MaxMetadataEvidence)
            _failed.Dequeue();
        var exhibits = new Exhibit[failed.PieceCount];
        for (int piece = 0; piece < exhibits.Length; piece++)
            exhibits[piece] = new Exhibit(new Bytes32(SHA256.HashData(failed[piece])), failed.SenderOf(piece));
        _failed.Enqueue(exhibits);
    }

    /// <summary>The senders of pieces that differ from the true ones, or of metadata of another size.</summary>
    public IReadOnlyCollection<BlockSender> Convict(MetadataAttempt good)
    {
        HashSet<BlockSender> guilty = [];
        foreach (Exhibit[] exhibits in _failed)
        {
            for (int piece = 0; piece < exhibits.Length; piece++)
            {
                bool isTrue = piece < good.PieceCount && exhibits[piece].Hash == new Bytes32(SHA256.HashData(good[piece]));
                if (!isTrue)
                    guilty.Add(exhibits[piece].Sender);
            }
        }

        return guilty;
    }

    public void Clear() => _failed.Clear();

    private readonly record struct Exhibit(Bytes32 Hash, BlockSender Sender);
}
