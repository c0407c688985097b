using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>
/// Routes extension messages (BEP 10) by the torrent's table, and knows under which numbers each peer takes them. A peer is in
/// <c>_offers</c> from its first extension handshake until it is gone.
/// </summary>
internal sealed class Extensions(TorrentContext torrent) : IExtensionLine
{
    private readonly Dictionary<PeerKey, PeerExtensions> _offers = [];

    /// <summary>A peer told what it offers. The other things that it told are for others.</summary>
    public void OnHandshake(Peer peer, ExtensionHandshake handshake, Timestamp now)
    {
        if (torrent.Options.Extensions.IsEmpty)
            return;
        if (!_offers.TryGetValue(peer.Key, out PeerExtensions? offers))
            _offers[peer.Key] = offers = new PeerExtensions();
        offers.Apply(handshake);
        foreach (IExtension extension in torrent.Options.Extensions)
        {
            if (IsOffered(extension.Row))
                extension.OnHandshake(peer, handshake, this, now);
        }
    }

    /// <summary>A peer sent an extension message.</summary>
    public void OnMessage(Peer peer, int number, ReadOnlySpan<byte> payload, Timestamp now)
    {
        foreach (IExtension extension in torrent.Options.Extensions)
        {
            if (extension.Row.Number == number && torrent.Options.ExtensionTable.Takes(number, payload.Length))
                extension.OnMessage(peer, payload, this, now);
        }
    }

    public void OnGone(Peer peer)
    {
        if (!_offers.Remove(peer.Key))
            return;
        foreach (IExtension extension in torrent.Options.Extensions)
            extension.OnGone(peer);
    }

    public bool TrySend(Peer peer, ExtensionRow extension, ReadOnlyMemory<byte> payload, Timestamp now)
    {
        byte number = _offers.TryGetValue(peer.Key, out PeerExtensions? offers) ? offers.NumberOf(extension.Name) : (byte)0;
        if (number == 0 || peer.IsGone || !IsOffered(extension))
            return false;
        torrent.Send(peer, PeerMessage.Extended(number, payload), now);
        return true;
    }

    private bool IsOffered(ExtensionRow row) => torrent.Options.ExtensionTable.Find(row.Number) == row;
}
