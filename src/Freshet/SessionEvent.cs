using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

namespace Freshet;

/// <summary>Something that happened in a session.</summary>
public abstract record SessionEvent
{
    private SessionEvent()
    {
    }

    /// <summary>When it happened, by the wall clock.</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>Events before this one were dropped because the reader was too slow.</summary>
    /// <param name="Count">The number of dropped events.</param>
    public sealed record EventsDropped(long Count) : SessionEvent;

    /// <summary>A torrent was added.</summary>
    /// <param name="Torrent">The torrent.</param>
    public sealed record TorrentAdded(Torrent Torrent) : SessionEvent;

    /// <summary>A torrent was removed.</summary>
    /// <param name="Torrent">The torrent.</param>
    public sealed record TorrentRemoved(Torrent Torrent) : SessionEvent;

    /// <summary>
    /// The metadata of a torrent that was added by a magnet link was received from peers: its name, files and pieces are now known.
    /// </summary>
    /// <param name="Torrent">The torrent.</param>
    public sealed record MetadataReceived(Torrent Torrent) : SessionEvent;

    /// <summary>A torrent's state changed.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="State">The new state.</param>
    /// <param name="Reason">Why the torrent is WaitingForDisk or Failed, for people; otherwise null.</param>
    public sealed record StateChanged(Torrent Torrent, TorrentState State, string? Reason) : SessionEvent
    {
        /// <summary>The reason for programs.</summary>
        public TorrentReason ReasonCode { get; init; }
    }

    /// <summary>A piece was verified and written.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Piece">The piece.</param>
    public sealed record PieceVerified(Torrent Torrent, PieceIndex Piece) : SessionEvent;

    /// <summary>A piece failed its hash and will be downloaded again.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Piece">The piece.</param>
    public sealed record PieceFailed(Torrent Torrent, PieceIndex Piece) : SessionEvent;

    /// <summary>Everything wanted of a torrent has been downloaded and verified.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Took">How long the torrent downloaded in this run.</param>
    public sealed record TorrentCompleted(Torrent Torrent, TimeSpan Took) : SessionEvent;

    /// <summary>A torrent has reached its seed limit, and is being stopped or removed.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Limit">The limit that was reached.</param>
    /// <param name="Then">What happens to the torrent.</param>
    public sealed record SeedLimitReached(Torrent Torrent, SeedLimit Limit, SeedEnd Then) : SessionEvent;

    /// <summary>A peer was connected, by us or by the peer.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Peer">The peer's address.</param>
    /// <param name="Client">The peer's client, according to its peer id.</param>
    /// <param name="IsOutgoing">Whether we opened the connection.</param>
    public sealed record PeerConnected(Torrent Torrent, IPEndPoint Peer, string Client, bool IsOutgoing) : SessionEvent;

    /// <summary>A peer's connection ended.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Peer">The peer's address.</param>
    /// <param name="Reason">The reason, for people.</param>
    public sealed record PeerDisconnected(Torrent Torrent, IPEndPoint Peer, string Reason) : SessionEvent;

    /// <summary>A peer was banned.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Peer">The peer's address.</param>
    /// <param name="Reason">The reason, for people.</param>
    public sealed record PeerBanned(Torrent Torrent, IPEndPoint Peer, string Reason) : SessionEvent;

    /// <summary>A tracker answered.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Tracker">
    /// The tracker's URL without anything that may be a passkey; <see cref="Torrent.Trackers"/> has the full URL.
    /// </param>
    /// <param name="Peers">The number of peers in the answer.</param>
    public sealed record Announced(Torrent Torrent, string Tracker, int Peers) : SessionEvent;

    /// <summary>A tracker did not answer, or refused the announce.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Tracker">
    /// The tracker's URL without anything that may be a passkey; <see cref="Torrent.Trackers"/> has the full URL.
    /// </param>
    /// <param name="Reason">The reason, for people.</param>
    public sealed record AnnounceFailed(Torrent Torrent, string Tracker, string Reason) : SessionEvent;

    /// <summary>A problem that a person should know about.</summary>
    /// <param name="Torrent">The torrent; null if the warning is about the session.</param>
    /// <param name="Message">The warning, for people.</param>
    public sealed record Warning(Torrent? Torrent, string Message) : SessionEvent;
}
