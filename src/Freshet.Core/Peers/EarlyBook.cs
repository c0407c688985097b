using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// What the connected peers of a torrent said about pieces before its metadata was known; together never more than
/// <see cref="PeerLimits.MaxEarlyBytes"/> of payload.
/// </summary>
internal sealed class EarlyBook
{
    private readonly Dictionary<PeerKey, EarlyMessages> _said = [];
    private int _bytes;

    /// <summary>Keeps a message of a peer, if there is room.</summary>
    public void Add(PeerKey peer, in PeerMessage message)
    {
        if (!_said.TryGetValue(peer, out EarlyMessages? said))
            _said[peer] = said = new EarlyMessages();
        int before = said.Bytes;
        said.Add(message, PeerLimits.MaxEarlyBytes - _bytes);
        _bytes += said.Bytes - before;
    }

    /// <summary>What a peer said, in its order; it is not kept any longer.</summary>
    public IReadOnlyList<PeerMessage> Take(PeerKey peer)
    {
        if (!_said.Remove(peer, out EarlyMessages? said))
            return [];
        _bytes -= said.Bytes;
        return said.All;
    }
}
