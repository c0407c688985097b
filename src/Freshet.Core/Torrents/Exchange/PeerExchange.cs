using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// The extension <c>ut_pex</c> (BEP 11): sends the addresses of connected peers, at most once a minute and only in torrents known to be
/// public, and takes those that peers send unless the torrent is known to be private: libtorrent sends its full list only once, soon after
/// our handshake. If the metadata then says that the torrent is private, what was received is forgotten. Addresses received from one
/// network take at most <see cref="PeerLimits.MaxToldPerNetwork"/> places in the peer book until they answer, and all exchanged addresses
/// together take at most half of it.
/// </summary>
internal sealed class PeerExchange(TorrentContext torrent, Connecting connecting, Departures departures, HolePunching holePunching)
    : IExtension
{
    private const int MostTooMany = 5;

    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenSent = TimeSpan.FromMinutes(1);

    private readonly Dictionary<PeerKey, PeerExchangeLine> _lines = [];
    private readonly PeerExchangeLog _log = new(holePunching);

    public ExtensionRow Row => ExtensionRows.PeerExchange;

    public Timestamp NextDue { get; private set; } = Timestamp.Never;

    public void OnHandshake(Peer peer, ExtensionHandshake handshake, IExtensionLine line, Timestamp now)
    {
        if (!line.Takes(peer, Row))
        {
            _lines.Remove(peer.Key);
            return;
        }

        if (!_lines.TryAdd(peer.Key, new PeerExchangeLine(peer, _log.Now, now + FirstAfter)))
            return;
        NextDue = Timestamp.Min(NextDue, now + FirstAfter);
    }

    public void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now)
    {
        if (!_lines.TryGetValue(peer.Key, out PeerExchangeLine? from))
            return;
        // Once a minute is the rule, but Transmission sends one after each of our handshakes, and slow lines deliver several at once.
        if (!from.Taken.TryAdd(now))
        {
            if (++from.TooMany > MostTooMany)
                departures.Drop(peer, DisconnectReason.ProtocolViolation, now, "sends ut_pex messages too often");
            return;
        }

        from.TooMany = 0;
        if (!PeerExchangeMessage.TryParse(payload, out IReadOnlyList<ExchangedPeer> added))
        {
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, "sent an invalid ut_pex message");
            return;
        }

        foreach (ExchangedPeer told in added)
        {
            // Two peers that only upload have nothing to exchange.
            if (torrent.HasContent && torrent.Ledger.IsFinished && told.Flags.HasFlag(PeerExchangeFlags.UploadOnly))
                continue;
            if (!AddressScopes.MayBeTold(told.EndPoint.Address, peer.EndPoint.Address))
                continue;
            torrent.Book.AddTold(told.EndPoint, peer.Network, PeerSource.Exchange, told.Flags);
            if (told.Flags.HasFlag(PeerExchangeFlags.HolePunch))
                holePunching.OnTold(peer, told.EndPoint);
        }

        connecting.Dial(now);
    }

    public void OnGone(Peer peer) => _lines.Remove(peer.Key);

    public void Reset()
    {
        _lines.Clear();
        _log.Clear();
        NextDue = Timestamp.Never;
    }

    public void Tick(IExtensionLine line, Timestamp now)
    {
        NextDue = Timestamp.Never;
        if (torrent.Identity.IsPrivate != false)
        {
            // It may turn out to be public.
            if (torrent.Identity.IsPrivate is null && _lines.Count > 0)
                NextDue = now + FirstAfter;
            return;
        }

        _log.Update(torrent.Peers);
        foreach (PeerExchangeLine to in _lines.Values)
        {
            if (to.NextSend <= now)
            {
                to.NextSend = now + BetweenSent;
                Send(to, line, now);
            }

            NextDue = Timestamp.Min(NextDue, to.NextSend);
        }
    }

    private void Send(PeerExchangeLine to, IExtensionLine line, Timestamp now)
    {
        List<ExchangedPeer> added = [];
        List<IPEndPoint> dropped = [];
        _log.Take(to, line, added, dropped);
        if (added.Count + dropped.Count > 0)
            line.TrySend(to.Peer, Row, PeerExchangeMessage.Write(added, dropped), now);
    }
}
