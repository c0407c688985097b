using Freshet.Core.Pieces;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Peers;

/// <summary>
/// The messages about pieces that a peer sent before the torrent's metadata was known: they cannot be evaluated yet, and will not be
/// repeated. At most the latest message that covers all its pieces, plus <see cref="PeerLimits.MaxEarlyMessages"/> others and
/// <see cref="PeerLimits.MaxEarlyLost"/> pieces that it lost since (BEP 54); the rest is dropped.
/// </summary>
internal sealed class EarlyMessages
{
    // What an entry of a set of numbers takes in memory.
    private const int BytesPerLost = 16;

    private readonly List<PeerMessage> _kept = [];
    private readonly HashSet<PieceIndex> _lost = [];
    private int _setBytes;

    /// <summary>The bytes kept of sets of pieces and of losses.</summary>
    public int Bytes => _setBytes + (_lost.Count * BytesPerLost);

    /// <summary>The messages, in order; then those about the pieces that it lost and did not get again.</summary>
    public IReadOnlyList<PeerMessage> All => _lost.Count == 0 ? _kept : [.. _kept, .. _lost.Select(MessageOf)];

    /// <summary>Whether a message is about pieces, and so cannot be evaluated while the pieces are unknown.</summary>
    public static bool IsEarly(MessageId id) => id is MessageId.Have or MessageId.Bitfield or MessageId.HaveAll or MessageId.HaveNone
        or MessageId.AllowedFast or MessageId.SuggestPiece;

    /// <summary>Keeps a message if its payload fits in <paramref name="room"/> bytes.</summary>
    public void Add(in PeerMessage message, int room)
    {
        if (message.Id is MessageId.Bitfield or MessageId.HaveAll or MessageId.HaveNone)
        {
            // It replaces all earlier messages about which pieces the peer has.
            if (message.Payload.Length > room + Bytes)
                return;
            _kept.RemoveAll(kept => kept.Id is not (MessageId.AllowedFast or MessageId.SuggestPiece));
            _lost.Clear();
            _setBytes = message.Payload.Length;
            _kept.Add(message);
            return;
        }

        if (message.Id == MessageId.Have)
            _lost.Remove(message.Piece);
        if (_kept.Count < PeerLimits.MaxEarlyMessages)
            _kept.Add(message);
    }

    /// <summary>Keeps that it no longer has a piece, if that fits in <paramref name="room"/> bytes.</summary>
    public void AddLost(PieceIndex piece, int room)
    {
        if (_lost.Count < PeerLimits.MaxEarlyLost && room >= BytesPerLost)
            _lost.Add(piece);
    }

    private static PeerMessage MessageOf(PieceIndex lost) =>
        PeerMessage.Extended(ExtensionRows.LostPieces.Number, LostPieceMessage.Write(lost));
}
