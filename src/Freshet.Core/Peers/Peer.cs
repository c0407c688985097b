using System.Net;
using System.Runtime.InteropServices;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// A connected peer, with the protocol state of both sides. As in BEP 3 it starts choked and not interested both ways, without pieces; it
/// is in the torrent's <see cref="PeerSet"/> until <see cref="IsGone"/>.
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
    private bool _hasMetadata;
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

    /// <summary>The network that it counts towards.</summary>
    public Origin Network { get; }

    public PeerId Id { get; }

    public bool IsOutgoing { get; }

    /// <summary>The transport and encryption of the connection.</summary>
    public PeerWay Way { get; }

    /// <summary>Whether both sides support the Fast extension (BEP 6).</summary>
    public bool IsFast { get; }

    /// <summary>Whether it has a DHT node (BEP 5).</summary>
    public bool HasDht { get; }

    /// <summary>Whether both sides support the extension protocol (BEP 10).</summary>
    public bool HasExtensions { get; }

    /// <summary>Its priority when one of several connections must be closed (BEP 40); the highest stays.</summary>
    public required uint Priority { get; init; }

    /// <summary>The upload side: its requests and what we send.</summary>
    public UploadSide Uploads { get; }

    /// <summary>When it last requested or received our metadata (BEP 9); far in the past if never.</summary>
    public Timestamp LastMetadata { get; private set; } = new(long.MinValue);

    /// <summary>Consecutive blocks that it sent without a request from us.</summary>
    public int UnrequestedBlocks { get; private set; }

    /// <summary>Where it can be dialled: the address that we dialled, or the one it reported; null while unknown.</summary>
    public IPEndPoint? ListensAt { get; private set; }

    /// <summary>Whether we have told it that we are interested.</summary>
    public bool AmInterested { get; private set; }

    /// <summary>Whether it chokes us.</summary>
    public override bool IsChoking => _isChoking;

    public override bool CanBeAsked => AmInterested && (!_isChoking || _allowedFast.Count > 0);

    public override ReadOnlySpan<PieceIndex> AllowedFast => CollectionsMarshal.AsSpan(_allowedFast);

    public override ReadOnlySpan<PieceIndex> Suggested => CollectionsMarshal.AsSpan(_suggested);

    /// <summary>Whether it will not request anything: it is a seed, or says so (BEP 21).</summary>
    public bool OnlyUploads => IsSeed || _saysUploadOnly;

    /// <summary>Whether it would rather encrypt: it says so (BEP 10, <c>e</c>), or did when it dialled us.</summary>
    public bool PrefersEncryption => _saysPrefersEncryption ?? (!IsOutgoing && Way.Encryption != PeerEncryption.None);

    /// <summary>Whether it has shown that it has the torrent's metadata, and so knows which pieces there are.</summary>
    public bool KnowsPieces => _hasMetadata || Uploads.IsInterested || Has.Count > 0;

    public Timestamp ConnectedAt { get; }

    /// <summary>When it last sent anything, on its own clock.</summary>
    public Timestamp LastReceived { get; private set; }

    /// <summary>When anything was last sent to it.</summary>
    public Timestamp LastSent { get; private set; }

    /// <summary>Whether the connection is closed; anything that still arrives is ignored.</summary>
    public bool IsGone { get; private set; }

    public override PeerMoment At(Timestamp time) => new(time, time - _line.HeldUp(Key, time));

    /// <summary>The round-trip time; null if unknown.</summary>
    public TimeSpan? RoundTrip => _line.RoundTrip(Key);

    /// <summary>How much of the last few seconds we held it up ourselves. Each call takes a sample.</summary>
    public OwnHolds HoldsAt(Timestamp now)
    {
        _holds ??= new OwnHolds(ConnectedAt);
        _holds.SampleReceiving(Key, _line, now);
        _holds.SampleSending(Key, _line, now);
        return _holds;
    }

    /// <summary>Sends a message to it.</summary>
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

    /// <summary>A block has been sent to it.</summary>
    public void OnUploaded(int bytes, Timestamp when)
    {
        LastSent = when;
        Uploads.OnSent(bytes, when);
    }

    /// <summary>It requested metadata that will be sent, or received some.</summary>
    public void OnMetadata(Timestamp when) => LastMetadata = when;

    /// <summary>Its listening address has become known and verified as its own.</summary>
    public void OnListensAt(IPEndPoint address) => ListensAt = address;

    /// <summary>It sent a block that we requested.</summary>
    public void OnAnswered() => UnrequestedBlocks = 0;

    /// <summary>It sent a block that we did not request.</summary>
    public void OnUnrequested() => UnrequestedBlocks++;

    /// <summary>It replaced its piece set by one that lacks some of its pieces; returns how often it has done so.</summary>
    public int OnPiecesReplaced() => ++_pieceSets;

    public void OnChoke(bool chokes) => _isChoking = chokes;

    /// <summary>It serves a piece although it chokes us; returns whether we did not know.</summary>
    public bool TryAllowFast(PieceIndex piece)
    {
        if (_allowedFast.Count >= PeerLimits.MaxAllowedFastPieces || _allowedFast.Contains(piece))
            return false;
        _allowedFast.Add(piece);
        return true;
    }

    /// <summary>It no longer serves the piece while it chokes us.</summary>
    public void DisallowFast(PieceIndex piece) => _allowedFast.Remove(piece);

    /// <summary>It suggested a piece.</summary>
    public void Suggest(PieceIndex piece)
    {
        _suggested.Remove(piece);
        if (_suggested.Count == PeerLimits.MaxSuggestedPieces)
            _suggested.RemoveAt(0);
        _suggested.Add(piece);
    }

    /// <summary>It reported whether it wants any piece (BEP 21).</summary>
    public void OnUploadOnly(bool uploadOnly) => _saysUploadOnly = uploadOnly;

    /// <summary>It offered the torrent's metadata (BEP 9).</summary>
    public void OnOffersMetadata() => _hasMetadata = true;

    /// <summary>It said whether it would rather encrypt.</summary>
    public void OnPrefersEncryption(bool prefersEncryption) => _saysPrefersEncryption = prefersEncryption;

    /// <summary>We told it whether we are interested.</summary>
    public void SetInterest(bool interested) => AmInterested = interested;

    /// <summary>The connection is closed.</summary>
    public void End() => IsGone = true;
}
