namespace Freshet.Core.Peers;

/// <summary>Why a connection ended or could not be made. Said in logs and events; decides whether and when to dial again.</summary>
internal enum DisconnectReason
{
    /// <summary>The peer closed the connection.</summary>
    ClosedByPeer,

    /// <summary>The network failed under the connection.</summary>
    NetworkError,

    /// <summary>Nobody listens there.</summary>
    Refused,

    /// <summary>No answer within the time allowed.</summary>
    TimedOut,

    /// <summary>The handshake was not BitTorrent's, or named another torrent.</summary>
    BadHandshake,

    /// <summary>We met ourselves.</summary>
    SelfConnection,

    /// <summary>We have a connection with this peer already.</summary>
    Duplicate,

    /// <summary>The peer broke the protocol.</summary>
    ProtocolViolation,

    /// <summary>The peer sent data that provably failed its hash.</summary>
    Banned,

    /// <summary>Both have everything.</summary>
    BothSeeds,

    /// <summary>Neither side has wanted anything for long.</summary>
    Useless,

    /// <summary>No room for another connection.</summary>
    TooManyPeers,

    /// <summary>The torrent stops.</summary>
    TorrentStopped,

    /// <summary>Its address is blocked.</summary>
    Blocked,

    /// <summary>The torrent is private (BEP 27), and the tracker that it uses has not named the peer.</summary>
    Private,
}
