using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// A connected peer: what both sides have told each other. It begins as BEP 3 has it, choked and not interested both ways, with
/// no piece, and is in the torrent's <see cref="PeerSet"/> until <see cref="IsGone"/>.
/// </summary>
internal sealed class Peer : BlockSource
{
    private bool _isChoking = true;
    private bool _saysUploadOnly;

    public Peer(PeerKey key, ConnectedPeer connected, int pieceCount, Timestamp now)
        : base(key, new BlockSender(Origin.Of(connected.EndPoint), connected.EndPoint), pieceCount, now)
    {
        EndPoint = connected.EndPoint;
        Network = Origin.OfNetwork(connected.EndPoint.Address);
        Id = connected.Handshake.PeerId;
        IsOutgoing = connected.IsOutgoing;
        IsFast = connected.Handshake.Reserved.Fast;
        HasExtensions = connected.Handshake.Reserved.ExtensionProtocol;
        Uploads = new UploadSide(now);
        ConnectedAt = LastReceived = LastSent = now;
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>With whom it is counted together.</summary>
    public Origin Network { get; }

    public PeerId Id { get; }

    public bool IsOutgoing { get; }

    /// <summary>Whether it speaks the Fast extension (BEP 6), as we do.</summary>
    public bool IsFast { get; }

    /// <summary>Whether it speaks the extension protocol (BEP 10), as we do.</summary>
    public bool HasExtensions { get; }

    /// <summary>Its rank among those of which one must go (BEP 40); the greatest stays.</summary>
    public required uint Priority { get; init; }

    /// <summary>What it wants of us and is given.</summary>
    public UploadSide Uploads { get; }

    /// <summary>What it said about pieces before it was known which there are; null if nothing.</summary>
    public EarlyMessages? Early { get; set; }

    /// <summary>How often it told all its pieces at once.</summary>
    public int Bitfields { get; private set; }

    /// <summary>Where it can be dialled: the address we dialled, or the one it told; null while that is unknown.</summary>
    public IPEndPoint? ListensAt { get; set; }

    /// <summary>Whether we told it that we want to request.</summary>
    public bool AmInterested { get; private set; }

    /// <summary>Whether it refuses our requests.</summary>
    public override bool IsChoking => _isChoking;

    public override bool CanBeAsked => AmInterested && (!_isChoking || AllowedFast.Length > 0);

    /// <summary>Whether it will not request anything: it has all, or says so (BEP 21).</summary>
    public bool OnlyUploads => IsSeed || _saysUploadOnly;

    public Timestamp ConnectedAt { get; }

    /// <summary>When it last sent anything, on its own clock.</summary>
    public Timestamp LastReceived { get; set; }

    public Timestamp LastSent { get; set; }

    /// <summary>Whether the connection is over; what still arrives from it is passed over.</summary>
    public bool IsGone { get; private set; }

    public void OnBitfield() => Bitfields++;

    public void OnChoke(bool chokes) => _isChoking = chokes;

    /// <summary>It said whether it wants any piece (BEP 21).</summary>
    public void OnUploadOnly(bool uploadOnly) => _saysUploadOnly = uploadOnly;

    /// <summary>We told it whether we want to request.</summary>
    public void SetInterest(bool interested) => AmInterested = interested;

    /// <summary>The connection is over.</summary>
    public void End() => IsGone = true;
}
