using System.Net;
using Freshet.Core.Peers;

using Freshet.Core.Pieces;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>An event in the life of a torrent that is reported to others.</summary>
internal abstract record TorrentFact
{
    private TorrentFact()
    {
    }

    /// <summary>A piece has been verified and written.</summary>
    public sealed record PieceVerified(PieceIndex Piece) : TorrentFact;

    /// <summary>A piece failed its hash check and will be downloaded again.</summary>
    public sealed record PieceFailed(PieceIndex Piece) : TorrentFact;

    /// <summary>Every wanted piece is complete.</summary>
    public sealed record Completed(TimeSpan Took) : TorrentFact;

    /// <summary>The phase changed.</summary>
    public sealed record PhaseChanged(TorrentPhase Phase) : TorrentFact;

    /// <summary>A peer was banned, with the reason.</summary>
    public sealed record PeerBanned(IPEndPoint Peer, string Reason) : TorrentFact;

    /// <summary>A connection to a peer began, ended or failed.</summary>
    public sealed record PeerConnected(IPEndPoint Peer, string Client, bool Outgoing, PeerWay Way) : TorrentFact;

    /// <inheritdoc cref="PeerConnected"/>
    public sealed record PeerDisconnected(IPEndPoint Peer, DisconnectReason Reason, string? Words = null) : TorrentFact;

    /// <summary>A message of <c>ut_holepunch</c> (BEP 55) was sent to a peer, or one from a peer was heard; for the log alone.</summary>
    public sealed record HolePunch(IPEndPoint Peer, HolePunchMessage Message, bool IsSent) : TorrentFact;

    /// <summary>An announce succeeded or failed.</summary>
    public sealed record Announced(string Tracker, int Peers) : TorrentFact;

    /// <inheritdoc cref="Announced"/>
    public sealed record AnnounceFailed(string Tracker, string Reason) : TorrentFact;

    /// <summary>Something that the user should know, as text.</summary>
    public sealed record Warning(string Message) : TorrentFact;
}
