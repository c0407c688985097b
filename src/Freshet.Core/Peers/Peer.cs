using System.Net;
using System.Runtime.InteropServices;
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
    private readonly IPeerLine _line;
    private readonly List<PieceIndex> _allowedFast = [];
    private readonly List<PieceIndex> _suggested = [];
    private OwnHolds? _holds;
    private int _pieceSets;
    private bool _isChoking = true;
    private bool _saysUploadOnly;
    private bool? _saysPrefersEncryption;

    public Peer(PeerKey key, ConnectedPeer connected, IPeerLine line, int pieceCount, Timestamp now)
        : base(key, new BlockSender(Origin.Of(connected.EndPoint), connected.EndPoint), pieceCount, now)
    {
        _line = line;
        EndPoint = connected.EndPoint;
        Network = Origin.OfNetwork(connected.EndPoint.Address);
        Id = connected.Handshake.PeerId;
        IsOutgoing = connected.IsOutgoing;
        Way = connected.Way;
        IsFast = connected.Handshake.Reserved.Fast;
        HasDht = connected.Handshake.Reserved.Dht;
        HasExtensions = connected.Handshake.Reserved.ExtensionProtocol;
        Uploads = new UploadSide(now);
        ListensAt = IsOutgoing ? EndPoint : null;
        ConnectedAt = LastReceived = LastSent = now;
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>With whom it is counted together.</summary>
    public Origin Network { get; }

    public PeerId Id { get; }

    public bool IsOutgoing { get; }

    /// <summary>In which way it is connected.</summary>
    public PeerWay Way { get; }

    /// <summary>Whether it speaks the Fast extension (BEP 6), as we do.</summary>
    public bool IsFast { get; }

    /// <summary>Whether it has a node in the DHT (BEP 5).</summary>
    public bool HasDht { get; }

    /// <summary>Whether it speaks the extension protocol (BEP 10), as we do.</summary>
    public bool HasExtensions { get; }

    /// <summary>Its rank among those of which one must go (BEP 40); the greatest stays.</summary>
    public required uint Priority { get; init; }

    /// <summary>What it wants of us and is given.</summary>
    public UploadSide Uploads { get; }

    /// <summary>When it last asked for our metadata, or got some of it (BEP 9); long ago if it never did.</summary>
    public Timestamp LastMetadata { get; private set; } = new(long.MinValue);

    /// <summary>Blocks in a row that it sent without our asking.</summary>
    public int UnrequestedBlocks { get; private set; }

    /// <summary>Where it can be dialled: the address we dialled, or the one it told; null while that is unknown.</summary>
    public IPEndPoint? ListensAt { get; private set; }

    /// <summary>Whether we told it that we want to request.</summary>
    public bool AmInterested { get; private set; }

    /// <summary>Whether it refuses our requests.</summary>
    public override bool IsChoking => _isChoking;

    public override bool CanBeAsked => AmInterested && (!_isChoking || _allowedFast.Count > 0);

    public override ReadOnlySpan<PieceIndex> AllowedFast => CollectionsMarshal.AsSpan(_allowedFast);

    public override ReadOnlySpan<PieceIndex> Suggested => CollectionsMarshal.AsSpan(_suggested);

    /// <summary>Whether it will not request anything: it has all, or says so (BEP 21).</summary>
    public bool OnlyUploads => IsSeed || _saysUploadOnly;

    /// <summary>Whether it would rather encrypt: it says so (BEP 10, <c>e</c>), or did when it dialled us.</summary>
    public bool PrefersEncryption => _saysPrefersEncryption ?? (!IsOutgoing && Way.Encryption != PeerEncryption.None);

    public Timestamp ConnectedAt { get; }

    /// <summary>When it last sent anything, on its own clock.</summary>
    public Timestamp LastReceived { get; private set; }

    /// <summary>When anything was last sent to it.</summary>
    public Timestamp LastSent { get; private set; }

    /// <summary>Whether the connection is over; what still arrives from it is passed over.</summary>
    public bool IsGone { get; private set; }

    public override PeerMoment At(Timestamp time) => new(time, time - _line.HeldUp(Key, time));

    /// <summary>How long a packet takes to it and back; null where that is not known.</summary>
    public TimeSpan? RoundTrip => _line.RoundTrip(Key);

    /// <summary>How much of the last few seconds we ourselves held it up. Every look is a sample.</summary>
    public OwnHolds HoldsAt(Timestamp now)
    {
        _holds ??= new OwnHolds(ConnectedAt);
        _holds.Sample(Key, _line, now);
        return _holds;
    }

    /// <summary>Sends it a message.</summary>
    public void Send(in PeerMessage message, Timestamp time)
    {
        LastSent = time;
        _line.Send(Key, message);
    }

    public override void Request(BlockRange block, Timestamp time) => Send(PeerMessage.Request(block), time);

    public override void Cancel(BlockRange block, Timestamp time) => Send(PeerMessage.Cancel(block), time);

    public override void Close(DisconnectReason reason) => _line.Disconnect(Key, reason);

    /// <summary>It sent something.</summary>
    public void OnReceived(Timestamp when) => LastReceived = At(when).Own;

    /// <summary>A block has left for it.</summary>
    public void OnUploaded(int bytes, Timestamp when)
    {
        LastSent = when;
        Uploads.OnSent(bytes, when);
    }

    /// <summary>It asked for metadata that it will get, or got some.</summary>
    public void OnMetadata(Timestamp when) => LastMetadata = when;

    /// <summary>It listens there, and the address is known to be its own.</summary>
    public void OnListensAt(IPEndPoint address) => ListensAt = address;

    /// <summary>It sent a block that we asked for.</summary>
    public void OnAnswered() => UnrequestedBlocks = 0;

    /// <summary>It sent a block that nobody asked for.</summary>
    public void OnUnrequested() => UnrequestedBlocks++;

    /// <summary>It named a new set of pieces, which lacks some that it had; returns how often it has done so.</summary>
    public int OnPiecesReplaced() => ++_pieceSets;

    public void OnChoke(bool chokes) => _isChoking = chokes;

    /// <summary>It gives a piece though it chokes us.</summary>
    public void AllowFast(PieceIndex piece)
    {
        if (_allowedFast.Count < PeerLimits.MaxAllowedFastPieces && !_allowedFast.Contains(piece))
            _allowedFast.Add(piece);
    }

    /// <summary>It does not give the piece after all.</summary>
    public void DisallowFast(PieceIndex piece) => _allowedFast.Remove(piece);

    /// <summary>It would like to give a piece.</summary>
    public void Suggest(PieceIndex piece)
    {
        _suggested.Remove(piece);
        if (_suggested.Count == PeerLimits.MaxSuggestedPieces)
            _suggested.RemoveAt(0);
        _suggested.Add(piece);
    }

    /// <summary>It said whether it wants any piece (BEP 21).</summary>
    public void OnUploadOnly(bool uploadOnly) => _saysUploadOnly = uploadOnly;

    /// <summary>It said whether it would rather encrypt.</summary>
    public void OnPrefersEncryption(bool prefersEncryption) => _saysPrefersEncryption = prefersEncryption;

    /// <summary>We told it whether we want to request.</summary>
    public void SetInterest(bool interested) => AmInterested = interested;

    /// <summary>The connection is over.</summary>
    public void End() => IsGone = true;
}
