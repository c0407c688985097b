using System.Net;
using Freshet.Core.Peers;

using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>Something that happened to a torrent and that others may want to know.</summary>
internal abstract record TorrentFact
{
    private TorrentFact()
    {
    }

    /// <summary>A piece is hashed and written.</summary>
    public sealed record PieceVerified(PieceIndex Piece) : TorrentFact;

    /// <summary>A piece failed its hash and will be downloaded again.</summary>
    public sealed record PieceFailed(PieceIndex Piece) : TorrentFact;

    /// <summary>Every wanted piece is there.</summary>
    public sealed record Completed(TimeSpan Took) : TorrentFact;

    /// <summary>The phase changed.</summary>
    public sealed record PhaseChanged(TorrentPhase Phase) : TorrentFact;

    /// <summary>A peer was banned, with the words why.</summary>
    public sealed record PeerBanned(IPEndPoint Peer, string Reason) : TorrentFact;

    /// <summary>A peer's connection began, ended or failed.</summary>
    public sealed record PeerConnected(IPEndPoint Peer, string Client, bool Outgoing) : TorrentFact;

    /// <inheritdoc cref="PeerConnected"/>
    public sealed record PeerDisconnected(IPEndPoint Peer, DisconnectReason Reason, string? Words = null) : TorrentFact;

    /// <summary>A tracker answered, or did not.</summary>
    public sealed record Announced(string Tracker, int Peers) : TorrentFact;

    /// <inheritdoc cref="Announced"/>
    public sealed record AnnounceFailed(string Tracker, string Reason) : TorrentFact;

    /// <summary>Something a person should know, in words.</summary>
    public sealed record Warning(string Message) : TorrentFact;
}
