using System.Security.Cryptography;
using Freshet.Core.Peers;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// What peers sent for metadata that had not its hash: each piece's hash with its sender, until the true metadata shows who lied. Of the
/// last <see cref="ExchangeLimits.MaxMetadataEvidence"/> such attempts.
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

    /// <summary>Those whose pieces were others than the true ones, or of metadata of another size.</summary>
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
