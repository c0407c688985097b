using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>Closes connections and removes all their state, so that nothing waits for a peer that is gone.</summary>
internal sealed class Departures(TorrentContext torrent, Sourcing sourcing, Extensions extensions, FirstCopy firstCopy)
{
    private readonly Strikes _floods = new();

    /// <summary>Whether a departed peer had an upload slot that has not been given to another since.</summary>
    public bool SlotIsFree { get; set; }

    /// <summary>Closes a connection from our side.</summary>
    public void Drop(Peer peer, DisconnectReason reason, Timestamp now, string? words = null)
    {
        peer.Close(reason);
        OnGone(peer, reason, now, words);
    }

    /// <summary>Closes all connections.</summary>
    public void DropAll(DisconnectReason reason, Timestamp now)
    {
        while (torrent.Peers.Count > 0)
            Drop(torrent.Peers.All[^1], reason, now);
    }

    /// <summary>A peer violated the protocol; its connection is closed.</summary>
    public void OnViolation(Peer peer, string words, Timestamp now) => Drop(peer, DisconnectReason.ProtocolViolation, now, words);

    /// <summary>
    /// A peer makes so many pointless requests that answering them harms others: its connection is closed, and a peer that comes back and
    /// repeats it is banned.
    /// </summary>
    public void OnFlood(Peer peer, string words, Timestamp now)
    {
        if (_floods.IsOut(peer.Sender.Origin))
            Ban(peer.Sender, words, now);
        else
            OnViolation(peer, words, now);
    }

    /// <summary>A peer sent a message of the Fast extension (BEP 6); false, and a violation, if it has not negotiated it.</summary>
    public bool MustSpeakFast(Peer peer, MessageId message, Timestamp now)
    {
        if (!peer.IsFast)
            OnViolation(peer, $"sent {message} without the Fast extension", now);
        return peer.IsFast;
    }

    /// <summary>A connection has closed.</summary>
    public void OnGone(Peer peer, DisconnectReason reason, Timestamp now, string? words = null)
    {
        peer.End();
        SlotIsFree |= !peer.Uploads.IsChoked;
        sourcing.Leave(peer);
        torrent.Peers.Remove(peer);
        torrent.Early.Take(peer.Key);
        firstCopy.OnGone(peer);
        extensions.OnGone(peer);
        if (peer.ListensAt is { } address)
        {
            if (peer.IsSeed)
                torrent.Book.OnSeed(address, gives: !peer.Uploads.IsFreeRider, now);
            torrent.Book.OnEnded(address, reason, peer.HasBeenUseful || peer.Uploads.HasSent, now);
        }

        torrent.Effects.Report(new TorrentFact.PeerDisconnected(peer.EndPoint, reason, words));
    }

    /// <summary>Bans an origin for the rest of this run and disconnects all its sources.</summary>
    public void Ban(BlockSender sender, string words, Timestamp now)
    {
        torrent.Book.Ban(sender.Origin, words);
        torrent.Effects.Report(sender.EndPoint is { } endPoint
            ? new TorrentFact.PeerBanned(endPoint, words)
            : new TorrentFact.Warning($"Nothing more is asked of {sender.Origin.Host}: it {words}."));
        for (int i = torrent.Sources.All.Count - 1; i >= 0; i--)
        {
            BlockSource source = torrent.Sources.All[i];
            if (!torrent.Book.Bans.Contains(source.Sender.Origin))
                continue;
            if (source is Peer peer)
            {
                Drop(peer, DisconnectReason.Banned, now, words);
                continue;
            }

            source.Close(DisconnectReason.Banned);
            sourcing.Leave(source);
        }
    }
}
