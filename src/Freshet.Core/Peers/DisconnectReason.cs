namespace Freshet.Core.Peers;

/// <summary>Why a connection ended or could not be made. Appears in logs and events, and determines whether and when to redial.</summary>
internal enum DisconnectReason
{
    /// <summary>The peer closed the connection.</summary>
    ClosedByPeer,

    /// <summary>The connection failed with a network error.</summary>
    NetworkError,

    /// <summary>The connection was refused: nobody listens there.</summary>
    Refused,

    /// <summary>No answer within the time allowed.</summary>
    TimedOut,

    /// <summary>The handshake was not a BitTorrent handshake, or was for another torrent.</summary>
    BadHandshake,

    /// <summary>We connected to ourselves.</summary>
    SelfConnection,

    /// <summary>We already have a connection to this peer.</summary>
    Duplicate,

    /// <summary>The peer violated the protocol.</summary>
    ProtocolViolation,

    /// <summary>The peer provably sent bad data.</summary>
    Banned,

    /// <summary>Both sides are seeds.</summary>
    BothSeeds,

    /// <summary>Neither side has wanted anything for a long time.</summary>
    Useless,

    /// <summary>There is no room for another connection.</summary>
    TooManyPeers,

    /// <summary>The torrent is stopping.</summary>
    TorrentStopped,

    /// <summary>The peer's address is blocked.</summary>
    Blocked,

    /// <summary>The torrent is private (BEP 27), and the tracker in use has not returned the peer.</summary>
    Private,
}
