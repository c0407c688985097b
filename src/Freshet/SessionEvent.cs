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

    /// <summary>When, by the wall clock.</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>So many events before this one were dropped, since the reader was too slow.</summary>
    /// <param name="Count">How many.</param>
    public sealed record EventsDropped(long Count) : SessionEvent;

    /// <summary>A torrent was added.</summary>
    /// <param name="Torrent">Which.</param>
    public sealed record TorrentAdded(Torrent Torrent) : SessionEvent;

    /// <summary>A torrent was removed.</summary>
    /// <param name="Torrent">Which.</param>
    public sealed record TorrentRemoved(Torrent Torrent) : SessionEvent;

    /// <summary>
    /// Peers gave the metadata of a torrent that was added by a magnet link: its name, files and pieces are known from now on.
    /// </summary>
    /// <param name="Torrent">Which.</param>
    public sealed record MetadataReceived(Torrent Torrent) : SessionEvent;

    /// <summary>A torrent's state changed.</summary>
    /// <param name="Torrent">Which.</param>
    /// <param name="State">The new state.</param>
    /// <param name="Reason">The words behind WaitingForDisk and Failed; else null.</param>
    public sealed record StateChanged(Torrent Torrent, TorrentState State, string? Reason) : SessionEvent
    {
        /// <summary>The same for programs.</summary>
        public TorrentReason ReasonCode { get; init; }
    }

    /// <summary>A piece was verified and written.</summary>
    /// <param name="Torrent">Of which torrent.</param>
    /// <param name="Piece">Which.</param>
    public sealed record PieceVerified(Torrent Torrent, PieceIndex Piece) : SessionEvent;

    /// <summary>A piece failed its hash and will be downloaded again.</summary>
    /// <param name="Torrent">Of which torrent.</param>
    /// <param name="Piece">Which.</param>
    public sealed record PieceFailed(Torrent Torrent, PieceIndex Piece) : SessionEvent;

    /// <summary>All that was wanted of a torrent is there.</summary>
    /// <param name="Torrent">Which.</param>
    /// <param name="Took">How long it was downloading in this run.</param>
    public sealed record TorrentCompleted(Torrent Torrent, TimeSpan Took) : SessionEvent;

    /// <summary>A torrent has seeded enough, and is stopped or removed now.</summary>
    /// <param name="Torrent">Which.</param>
    /// <param name="Limit">The limit that it has reached.</param>
    /// <param name="Then">What happens to it.</param>
    public sealed record SeedLimitReached(Torrent Torrent, SeedLimit Limit, SeedEnd Then) : SessionEvent;

    /// <summary>A peer connected, or was connected to.</summary>
    /// <param name="Torrent">Of which torrent.</param>
    /// <param name="Peer">Its address.</param>
    /// <param name="Client">Its program, as its peer id says.</param>
    /// <param name="IsOutgoing">Whether we dialled.</param>
    public sealed record PeerConnected(Torrent Torrent, IPEndPoint Peer, string Client, bool IsOutgoing) : SessionEvent;

    /// <summary>A peer's connection ended.</summary>
    /// <param name="Torrent">Of which torrent.</param>
    /// <param name="Peer">Its address.</param>
    /// <param name="Reason">Why, in words.</param>
    public sealed record PeerDisconnected(Torrent Torrent, IPEndPoint Peer, string Reason) : SessionEvent;

    /// <summary>A peer was banned.</summary>
    /// <param name="Torrent">Of which torrent.</param>
    /// <param name="Peer">Its address.</param>
    /// <param name="Reason">Why, in words.</param>
    public sealed record PeerBanned(Torrent Torrent, IPEndPoint Peer, string Reason) : SessionEvent;

    /// <summary>A tracker answered.</summary>
    /// <param name="Torrent">For which torrent.</param>
    /// <param name="Tracker">Its URL without what may be a key; <see cref="Torrent.Trackers"/> has it whole.</param>
    /// <param name="Peers">How many peers it named.</param>
    public sealed record Announced(Torrent Torrent, string Tracker, int Peers) : SessionEvent;

    /// <summary>A tracker did not answer, or refused.</summary>
    /// <param name="Torrent">For which torrent.</param>
    /// <param name="Tracker">Its URL without what may be a key; <see cref="Torrent.Trackers"/> has it whole.</param>
    /// <param name="Reason">Why, in words.</param>
    public sealed record AnnounceFailed(Torrent Torrent, string Tracker, string Reason) : SessionEvent;

    /// <summary>Something a person should know.</summary>
    /// <param name="Torrent">Of which torrent; null if it is about the session.</param>
    /// <param name="Message">In words.</param>
    public sealed record Warning(Torrent? Torrent, string Message) : SessionEvent;
}
