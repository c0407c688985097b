using System.Collections.Immutable;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>
/// Routes extension messages (BEP 10) by the torrent's table, and knows the message numbers that each peer has assigned. A peer is in
/// <c>_offers</c> from its first extension handshake until it disconnects. The set of extensions may change once, when the metadata says
/// whether the torrent is private.
/// </summary>
internal sealed class Extensions(TorrentContext torrent, IExtensionParts parts) : IExtensionLine
{
    private readonly Dictionary<PeerKey, PeerExtensions> _offers = [];

    // Created when the first peer with extensions connects.
    private ImmutableArray<IExtension> _extensions = [];

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public Timestamp NextDue
    {
        get
        {
            Timestamp next = Timestamp.Never;
            foreach (IExtension extension in _extensions)
                next = Timestamp.Min(next, extension.NextDue);
            return next;
        }
    }

    /// <summary>A peer has sent its extension handshake. Only the extensions it offers are handled here.</summary>
    public void OnHandshake(Peer peer, ExtensionHandshake handshake, Timestamp now)
    {
        Make();
        if (_extensions.IsEmpty)
            return;
        if (!_offers.TryGetValue(peer.Key, out PeerExtensions? offers))
            _offers[peer.Key] = offers = new PeerExtensions();
        offers.Apply(handshake);
        foreach (IExtension extension in _extensions)
        {
            if (IsSpoken(extension.Row) && !peer.IsGone)
                extension.OnHandshake(peer, handshake, this, now);
        }
    }

    /// <summary>A peer has sent an extension message.</summary>
    public void OnMessage(Peer peer, int number, ReadOnlySpan<byte> payload, Timestamp now)
    {
        Make();
        foreach (IExtension extension in _extensions)
        {
            if (extension.Row.Number == number && torrent.ExtensionTable.Takes(number, payload.Length))
                extension.OnMessage(peer, payload, this, now);
        }
    }

    /// <summary>
    /// The metadata is known and says whether the torrent is private: if the set of extensions changes, all peers are notified.
    /// </summary>
    public void OnMetadata(Timestamp now)
    {
        ExtensionTable before = torrent.ExtensionTable;
        torrent.ExtensionTable = torrent.Options.Extensions.TableFor(torrent.Identity.IsPrivate);
        if (torrent.Peers.Count == 0)
            return;
        ImmutableArray<PeerExtension> withdrawn =
            [.. before.Offered.Except(torrent.ExtensionTable.Offered).Select(static gone => gone with { Number = 0 })];
        foreach (Peer peer in torrent.Peers.All)
        {
            if (peer.HasExtensions)
                Greeting.SendHandshake(torrent, peer, withdrawn, now);
        }

        foreach (IExtension extension in _extensions)
        {
            if (IsSpoken(extension.Row) && before.Find(extension.Row.Number) is null)
                Introduce(extension, now);
        }
    }

    public void OnGone(Peer peer)
    {
        if (!_offers.Remove(peer.Key))
            return;
        foreach (IExtension extension in _extensions)
            extension.OnGone(peer);
    }

    /// <summary>The run is over and its peers are gone.</summary>
    public void Reset()
    {
        foreach (IExtension extension in _extensions)
            extension.Reset();
    }

    public void Tick(Timestamp now)
    {
        foreach (IExtension extension in _extensions)
        {
            if (extension.NextDue <= now)
                extension.Tick(this, now);
        }
    }

    public bool TrySend(Peer peer, ExtensionRow extension, ReadOnlyMemory<byte> payload, Timestamp now)
    {
        byte number = _offers.TryGetValue(peer.Key, out PeerExtensions? offers) ? offers.NumberOf(extension.Name) : (byte)0;
        if (number == 0 || peer.IsGone || !IsSpoken(extension))
            return false;
        peer.Send(PeerMessage.Extended(number, payload), now);
        return true;
    }

    public bool Takes(Peer peer, ExtensionRow extension) =>
        IsSpoken(extension) && _offers.TryGetValue(peer.Key, out PeerExtensions? offers) && offers.NumberOf(extension.Name) != 0;

    private void Make()
    {
        if (_extensions.IsEmpty)
            _extensions = torrent.Options.Extensions.Make(torrent, parts);
    }

    // Peers may have offered the extension before we used it.
    private void Introduce(IExtension extension, Timestamp now)
    {
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
        {
            Peer peer = torrent.Peers.All[i];
            if (_offers.TryGetValue(peer.Key, out PeerExtensions? offers))
                extension.OnHandshake(peer, new ExtensionHandshake { Extensions = [.. offers.Offered] }, this, now);
        }
    }

    private bool IsSpoken(ExtensionRow row) => torrent.ExtensionTable.Find(row.Number) == row;
}
