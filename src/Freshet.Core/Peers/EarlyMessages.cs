using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// The messages about pieces that a peer sent before the torrent's metadata was known: they cannot be evaluated yet, and will not be
/// repeated. At most the latest message that covers all its pieces, plus <see cref="PeerLimits.MaxEarlyMessages"/> others; the rest is
/// dropped.
/// </summary>
internal sealed class EarlyMessages
{
    private readonly List<PeerMessage> _kept = [];

    /// <summary>Payload bytes kept.</summary>
    public int Bytes { get; private set; }

    /// <summary>The messages, in order.</summary>
    public IReadOnlyList<PeerMessage> All => _kept;

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
            Bytes = message.Payload.Length;
        }
        else if (_kept.Count >= PeerLimits.MaxEarlyMessages)
        {
            return;
        }

        _kept.Add(message);
    }
}
