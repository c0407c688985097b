using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// What a peer has said about pieces before the torrent's metadata was known: it cannot be judged yet, and is not said again. At most what
/// all its pieces are, and <see cref="PeerLimits.MaxEarlyMessages"/> more; the rest is not kept.
/// </summary>
internal sealed class EarlyMessages
{
    private readonly List<PeerMessage> _kept = [];

    /// <summary>Bytes of payload that are kept.</summary>
    public int Bytes { get; private set; }

    /// <summary>What was said, in its order.</summary>
    public IReadOnlyList<PeerMessage> All => _kept;

    /// <summary>Whether a message is about pieces, so that it means nothing while it is not known which there are.</summary>
    public static bool IsEarly(MessageId id) => id is MessageId.Have or MessageId.Bitfield or MessageId.HaveAll or MessageId.HaveNone
        or MessageId.AllowedFast or MessageId.SuggestPiece;

    /// <summary>Keeps a message, if there is room: no more bytes of payload than so many.</summary>
    public void Add(in PeerMessage message, int room)
    {
        if (message.Id is MessageId.Bitfield or MessageId.HaveAll or MessageId.HaveNone)
        {
            // It says everything anew.
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
