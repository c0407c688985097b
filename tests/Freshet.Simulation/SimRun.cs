using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>
/// One run of a peer's program, from its start to its end: the engine's own <see cref="TorrentMachine"/>, with a simulated network, disk
/// and tracker as its effects.
/// </summary>
internal sealed class SimRun : ITorrentEffects, ISimCompetitor
{
    private static readonly TimeSpan TimeToStore = TimeSpan.FromMilliseconds(20);

    private readonly SimPeer _peer;
    private readonly SimSwarm _swarm;
    private readonly SimTicker _ticker;
    private Allotment _allotment;
    private int _dialling;

    public SimRun(SimPeer peer, SimSwarm swarm, Random random)
    {
        _peer = peer;
        _swarm = swarm;
        SimContent content = swarm.Content;
        PeerId id = PeerIds.Create(random);
        Handshake = new Handshake(ReservedBits.Ours, content.Metainfo.SwarmHash, id);
        Key = peer.Session.Add(this);
        Connections = new SimConnections(this, peer, swarm);
        Recording = new SimRecording(this, peer, swarm);
        Machine = new TorrentMachine(
            new TorrentMachineOptions
            {
                Identity = peer.Options.IsMagnet ? SwarmIdentity.Of(MagnetLink.Of(content.Metainfo)) : SwarmIdentity.Of(content.Metainfo),
                PeerId = id,
                ListenPort = peer.Host.Address.Port,
                Settings = peer.Options.Settings,
                Allotment = Allotment.None,
                Extensions = peer.Options.HasExchange ? ExchangeExtensions.Factory : ExtensionFactory.None,
            },
            this,
            new Random(random.Next()));
        if (!peer.Options.IsMagnet)
            Machine.OnMetadata(content.Metainfo, StartingPoint.Empty(content.Layout.PieceCount), Now);
        HashSet<PieceIndex> skipped = content.PiecesSkippedBy(peer.Options.Settings);
        Rules = new RequestRules(
            swarm.Clock, content.Layout, piece => Machine.HasContent && !Machine.Have[piece] && !skipped.Contains(piece));
        _ticker = new SimTicker(swarm.Clock, Tick, now => Timestamp.Min(Machine.NextDue(now), Recording.NextDue));
    }

    public TorrentMachine Machine { get; }

    /// <summary>What is recorded of it.</summary>
    public SimRecording Recording { get; }

    public RequestRules Rules { get; }

    public ExtensionRules ExtensionRules { get; } = new();

    public TorrentKey Key { get; }

    /// <summary>What is sent to every peer first.</summary>
    public Handshake Handshake { get; }

    public SimConnections Connections { get; }

    public bool IsOver { get; private set; }

    /// <summary>The machine, for a call that is followed by a tick.</summary>
    public TorrentMachine Input
    {
        get
        {
            _ticker.TickSoon();
            return Machine;
        }
    }

    private Timestamp Now => _swarm.Clock.Now;

    /// <summary>The program ends, and nobody is notified.</summary>
    public void End()
    {
        IsOver = true;
        _peer.Session.Remove(Key);
        _ticker.End();
    }

    public void TickSoon() => _ticker.TickSoon();

    public void OnAllotted(Allotment allotment)
    {
        _allotment = allotment;
        Input.OnAllotted(allotment, Now);
    }

    public void OnMakeRoom() => Input.OnMakeRoom(Now);

    public void Demand(TorrentDemand demand) => _peer.Session.Demand(Key, demand);

    public void NoRoomMade() => _peer.Session.NoRoomMade(Key);

    public void Connect(IPEndPoint peer, DialHint hint)
    {
        if (++_dialling > _allotment.Dials)
            throw new SimFailureException($"{_peer} dials {_dialling} peers at once where {_allotment.Dials} were allotted");
        _swarm.Network.Dial(_peer.Host, peer, socket =>
        {
            _dialling--;
            if (IsOver)
                socket?.Close();
            else if (socket is null)
                Input.OnConnectFailed(peer, DisconnectReason.Refused, Now);
            else
                Connections.Adopt(socket, outgoing: true).Send(Handshake);
        });
    }

    public void Disconnect(PeerKey peer, DisconnectReason reason)
    {
        _peer.Trace($"drops {peer.Value}: {reason}");
        Connections.Forget(peer);
    }

    public void Send(PeerKey peer, in PeerMessage message)
    {
        _swarm.Trace.Add(_peer.Name, isSent: true, peer, message);
        Rules.OnSent(peer, message);
        ExtensionRules.OnSent(peer, message);
        if (message.Id == MessageId.Have && !Machine.Have[message.Piece])
            throw new SimFailureException($"{_peer} says it has piece {message.Piece}, which it has not");
        Connections[peer].Send(message);
    }

    public void SendBlock(PeerKey peer, BlockRange block)
    {
        if (!Machine.Have[block.Piece])
            throw new SimFailureException($"{_peer} sends {block}, which is not verified");
        Connections[peer].SendBlock(block);
    }

    public bool CancelBlock(PeerKey peer, BlockRange block) => Connections[peer].CancelBlock(block);

    public void CancelBlocks(PeerKey peer, List<BlockRange> cancelled) => Connections[peer].CancelBlocks(cancelled);

    public void Fetch(FetchOrder order) => throw new NotSupportedException("No torrent here names web seeds.");

    public void AbortFetch(PeerKey seed, FetchKey fetch) => throw new NotSupportedException("No torrent here names web seeds.");

    public TimeSpan HeldUp(PeerKey peer, Timestamp now) => Connections[peer].HeldUp(now);

    public HeldByLimit ReceivingHeld(PeerKey peer, Timestamp now) => default;

    public HeldByLimit SendingHeld(PeerKey peer, Timestamp now) => default;

    public TimeSpan? RoundTrip(PeerKey peer) => null;

    public void ClaimData() => _peer.Disk.Claim();

    public void ReportResponse(PeerTransport transport, TimeSpan time)
    {
    }

    public void WriteBlock(BlockRef block, BlockLease lease) => _peer.Disk.Write(block, lease);

    public void DiscardPiece(PieceIndex piece)
    {
        Rules.OnDiscarded(piece);
        _peer.Disk.Discard(piece);
    }

    public void Release(BlockLease lease) => _peer.Pool.Return(lease);

    public void CheckPieces(Bitfield pieces) => _peer.Disk.Check(pieces);

    public void ProbeDisk() => _peer.Disk.Probe();

    public void Announce(string tracker, AnnounceRequest request)
    {
        _peer.Trace($"announces {request.Event}, {request.Left} left");
        _swarm.Tracker.Announce(_peer.Host.Address, request, response =>
        {
            if (IsOver)
                return;
            if (response is null)
                Input.OnAnnounceFailed(request.To(tracker), "the simulated tracker is down", Now);
            else
                Input.OnAnnounced(request.To(tracker), response, Now);
        });
    }

    public void MetadataFetched(ReadOnlyMemory<byte> info)
    {
        TorrentMetainfo original = _swarm.Content.Metainfo;
        if (!info.Span.SequenceEqual(original.InfoBytes.Span))
            throw new SimFailureException($"{_peer} fetched metadata that is not the original's");
        _swarm.Clock.After(TimeToStore, () =>
        {
            if (!IsOver && _peer.IsRunning)
                Input.OnMetadata(original, StartingPoint.Empty(_swarm.Content.Layout.PieceCount) with { MustClaim = true }, Now);
        });
    }

    public void ReadMetadata() => _swarm.Clock.After(TimeToStore, () =>
    {
        if (!IsOver)
            Input.OnMetadataRead(_swarm.Content.Metainfo.InfoBytes, Now);
    });

    public void Report(TorrentFact fact)
    {
        Recording.OnFact(fact);
        _peer.OnFact(fact);
    }

    private void Tick(Timestamp now)
    {
        _peer.OnTick();
        Machine.Tick(now);
        Recording.Tick(now);
    }
}
