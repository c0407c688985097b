using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// The messages about pieces that the connected peers of a torrent sent before its metadata was known; never more than
/// <see cref="PeerLimits.MaxEarlyBytes"/> of payload in total.
/// </summary>
internal sealed class EarlyBook
{
    private readonly Dictionary<PeerKey, EarlyMessages> _said = [];
    private int _bytes;

    /// <summary>Keeps a message from a peer if there is room.</summary>
    public void Add(PeerKey peer, in PeerMessage message)
    {
        EarlyMessages said = Of(peer);
        int before = said.Bytes;
        said.Add(message, PeerLimits.MaxEarlyBytes - _bytes);
        _bytes += said.Bytes - before;
    }

    /// <summary>Keeps that a peer no longer has a piece (BEP 54) if there is room.</summary>
    public void AddLost(PeerKey peer, PieceIndex piece)
    {
        EarlyMessages said = Of(peer);
        int before = said.Bytes;
        said.AddLost(piece, PeerLimits.MaxEarlyBytes - _bytes);
        _bytes += said.Bytes - before;
    }

    /// <summary>Removes and returns a peer's messages, in order.</summary>
    public IReadOnlyList<PeerMessage> Take(PeerKey peer)
    {
        if (!_said.Remove(peer, out EarlyMessages? said))
            return [];
        _bytes -= said.Bytes;
        return said.All;
    }

    private EarlyMessages Of(PeerKey peer)
    {
        if (!_said.TryGetValue(peer, out EarlyMessages? said))
            _said[peer] = said = new EarlyMessages();
        return said;
    }
}
