using Freshet.Core.Peers;
using Freshet.Core.Torrents;
using Freshet.Core.Wire.Extensions;
using Freshet.Diagnostics;

using Microsoft.Extensions.Logging;

namespace Freshet.Running;

/// <summary>Turns the facts that a machine reports into log messages, metrics and events.</summary>
internal sealed class FactReporter(SessionServices services, Torrent torrent)
{
    private readonly ILogger _logger = services.Logger;

    public void Report(TorrentFact fact)
    {
        switch (fact)
        {
            case TorrentFact.PieceVerified verified:
                services.Metrics.AddPiece(isGood: true);
                Log.PieceVerified(_logger, torrent.Name, verified.Piece.Value);
                break;
            case TorrentFact.PieceFailed failed:
                services.Metrics.AddPiece(isGood: false);
                Log.PieceFailed(_logger, torrent.Name, failed.Piece.Value);
                break;
            case TorrentFact.Completed completed:
                Log.Completed(_logger, torrent.Name, completed.Took);
                break;
            case TorrentFact.PhaseChanged changed:
                LogState(changed.Phase);
                services.EarlyPeers.OnChange();
                services.Network.Local?.OnPhase(torrent.Actor, changed.Phase);
                break;
            case TorrentFact.PeerBanned banned:
                Log.PeerBanned(_logger, torrent.Name, banned.Peer, banned.Reason);
                break;
            case TorrentFact.PeerConnected connected:
                Log.PeerConnected(
                    _logger,
                    torrent.Name,
                    connected.Peer,
                    connected.Client,
                    connected.Outgoing,
                    connected.Way.Transport,
                    connected.Way.Encryption,
                    connected.Way.Path);
                break;
            case TorrentFact.PeerDisconnected disconnected:
                Log.PeerDisconnected(_logger, torrent.Name, disconnected.Peer, WordsOf(disconnected));
                break;
            case TorrentFact.HolePunch punch:
                LogHolePunch(punch);
                return;
            case TorrentFact.Announced announced:
                Log.Announced(_logger, torrent.Name, announced.Tracker, announced.Peers);
                break;
            case TorrentFact.AnnounceFailed failed:
                Log.AnnounceFailed(_logger, torrent.Name, failed.Tracker, failed.Reason);
                break;
            case TorrentFact.Warning warning:
                Log.Warning(_logger, torrent.Name, warning.Message);
                break;
        }

        if (services.Events.HasReaders)
            services.Events.Publish(EventOf(fact));
    }

    private void LogState(TorrentPhase phase)
    {
        if (phase.Words is { } words)
            Log.StateChangedFor(_logger, torrent.Name, phase.State.ToString(), words);
        else
            Log.StateChanged(_logger, torrent.Name, phase.State.ToString());
    }

    private void LogHolePunch(TorrentFact.HolePunch punch)
    {
        HolePunchMessage message = punch.Message;
        if (punch.IsSent)
            Log.HolePunchSent(_logger, torrent.Name, message.Kind, message.EndPoint, punch.Peer, message.Error);
        else
            Log.HolePunchHeard(_logger, torrent.Name, message.Kind, message.EndPoint, punch.Peer, message.Error);
    }

    private SessionEvent EventOf(TorrentFact fact) => fact switch
    {
        TorrentFact.PieceVerified verified => new SessionEvent.PieceVerified(torrent, verified.Piece),
        TorrentFact.PieceFailed failed => new SessionEvent.PieceFailed(torrent, failed.Piece),
        TorrentFact.Completed completed => new SessionEvent.TorrentCompleted(torrent, completed.Took),
        TorrentFact.PhaseChanged changed =>
            new SessionEvent.StateChanged(torrent, changed.Phase.State, changed.Phase.Words) { ReasonCode = changed.Phase.Code },
        TorrentFact.PeerBanned banned => new SessionEvent.PeerBanned(torrent, banned.Peer, banned.Reason),
        TorrentFact.PeerConnected connected =>
            new SessionEvent.PeerConnected(torrent, connected.Peer, connected.Client, connected.Outgoing),
        TorrentFact.PeerDisconnected disconnected => new SessionEvent.PeerDisconnected(torrent, disconnected.Peer, WordsOf(disconnected)),
        TorrentFact.Announced announced => new SessionEvent.Announced(torrent, announced.Tracker, announced.Peers),
        TorrentFact.AnnounceFailed failed => new SessionEvent.AnnounceFailed(torrent, failed.Tracker, failed.Reason),
        TorrentFact.Warning warning => new SessionEvent.Warning(torrent, warning.Message),
        _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, "An unknown fact."),
    };

    private static string WordsOf(TorrentFact.PeerDisconnected disconnected) => disconnected.Reason switch
    {
        DisconnectReason.ClosedByPeer => "the peer closed the connection",
        DisconnectReason.NetworkError => "the network failed",
        DisconnectReason.Refused => "nobody listens there",
        DisconnectReason.TimedOut => "no answer in time",
        DisconnectReason.BadHandshake => "not a BitTorrent handshake for this torrent",
        DisconnectReason.SelfConnection => "it is ourselves",
        DisconnectReason.Duplicate => "connected already",
        DisconnectReason.ProtocolViolation => "the peer broke the protocol",
        DisconnectReason.Banned => "banned for bad data",
        DisconnectReason.BothSeeds => "both have everything",
        DisconnectReason.Useless => "neither side wanted anything",
        DisconnectReason.Blocked => "its address is blocked",
        DisconnectReason.Private => "the torrent is private, and no tracker has named the peer",
        DisconnectReason.TooManyPeers => "too many connections",
        DisconnectReason.TorrentStopped => "the torrent stops",
        _ => disconnected.Reason.ToString(),
    } + (disconnected.Words is { } words ? $": {words}" : "");
}
