using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// A connected peer: what both sides have told each other. It begins as BEP 3 has it, choked and not interested both ways, with
/// no piece, and is in the torrent's <c>PeerSet</c> until <see cref="IsGone"/>.
/// </summary>
internal sealed class Peer
{
    public Peer(PeerKey key, ConnectedPeer connected, int pieceCount, Timestamp now)
    {
        Key = key;
        EndPoint = connected.EndPoint;
        Id = connected.Handshake.PeerId;
        IsOutgoing = connected.IsOutgoing;
        IsFast = connected.Handshake.Reserved.Fast;
        HasExtensions = connected.Handshake.Reserved.ExtensionProtocol;
        Has = new Bitfield(pieceCount);
        Download = new RateMeter(now);
        Upload = new RateMeter(now);
        ConnectedAt = LastReceived = LastSent = LastOfUse = LastSlotChange = now;
    }

    public PeerKey Key { get; }

    public IPEndPoint EndPoint { get; }

    public PeerId Id { get; }

    public bool IsOutgoing { get; }

    /// <summary>Whether it speaks the Fast extension (BEP 6), as we do.</summary>
    public bool IsFast { get; }

    /// <summary>Whether it speaks the extension protocol (BEP 10), as we do.</summary>
    public bool HasExtensions { get; }

    /// <summary>The pieces it has said it has.</summary>
    public Bitfield Has { get; }

    /// <summary>How often it told all its pieces at once.</summary>
    public int Bitfields { get; set; }

    /// <summary>Where it can be dialled: the address we dialled, or the one it told; null while that is unknown.</summary>
    public IPEndPoint? ListensAt { get; set; }

    /// <summary>Whether it said that it wants no piece (BEP 21).</summary>
    public bool SaysUploadOnly { get; set; }

    /// <summary>Whether we told it that we want to request.</summary>
    public bool AmInterested { get; set; }

    /// <summary>Whether we refuse its requests.</summary>
    public bool AmChoking { get; set; } = true;

    /// <summary>Whether it wants to request of us.</summary>
    public bool IsInterested { get; set; }

    /// <summary>Whether it refuses our requests.</summary>
    public bool IsChoking { get; set; } = true;

    /// <summary>What we asked of it.</summary>
    public RequestPipeline Requests { get; } = new();

    /// <summary>Pieces that it lets us request while it chokes us (BEP 6).</summary>
    public List<PieceIndex> AllowedFast { get; } = [];

    /// <summary>Pieces that it would like to give, the latest last (BEP 6).</summary>
    public List<PieceIndex> Suggested { get; } = [];

    /// <summary>Pieces that it may request while we choke it.</summary>
    public PieceIndex[] AllowedByUs { get; set; } = [];

    /// <summary>Whether it shared a failed piece and is given pieces of its own until one shows what it is worth.</summary>
    public bool IsOnParole { get; set; }

    /// <summary>Blocks in its outbox.</summary>
    public int QueuedUploads { get; set; }

    /// <summary>Its requests that we refused since the last one we took.</summary>
    public int RefusedRequests { get; set; }

    /// <summary>Blocks it sent without our asking, since the last one we asked for.</summary>
    public int UnrequestedBlocks { get; set; }

    /// <summary>Payload from it.</summary>
    public RateMeter Download { get; }

    /// <summary>Payload to it.</summary>
    public RateMeter Upload { get; }

    /// <summary>Whether it gave us payload that we took.</summary>
    public bool HasBeenUseful { get; set; }

    public Timestamp ConnectedAt { get; }

    /// <summary>When it last sent anything, on its own clock.</summary>
    public Timestamp LastReceived { get; set; }

    public Timestamp LastSent { get; set; }

    /// <summary>Whether one of us is interested in the other.</summary>
    public bool IsOfUse => AmInterested || IsInterested;

    /// <summary>When that ended; when the connection began, if it never was so.</summary>
    public Timestamp LastOfUse { get; set; }

    /// <summary>When it was last choked or unchoked by us.</summary>
    public Timestamp LastSlotChange { get; set; }

    /// <summary>Until when nothing is asked of it, because it rejected what was.</summary>
    public Timestamp RestsUntil { get; set; } = new(long.MinValue);

    /// <summary>Whether the connection is over; what still arrives from it is passed over.</summary>
    public bool IsGone { get; set; }

    public bool IsSeed => Has.IsFull;

    /// <summary>Whether it will not request anything: it has all, or says so (BEP 21).</summary>
    public bool OnlyUploads => IsSeed || SaysUploadOnly;

    /// <summary>Whether we may request of it now, if only some pieces.</summary>
    public bool CanBeAsked => AmInterested && (!IsChoking || AllowedFast.Count > 0);

    /// <summary>How fast it is for a torrent of such pieces: by how long a piece takes it.</summary>
    public PeerPace PaceFor(int pieceLength)
    {
        if (Requests.IsSnubbed)
            return PeerPace.Slow;
        double rate = Requests.BytesPerSecond;
        return rate <= 0 ? PeerPace.Medium
            : rate * 10 >= pieceLength ? PeerPace.Fast
            : rate * 60 >= pieceLength ? PeerPace.Medium
            : PeerPace.Slow;
    }
}
