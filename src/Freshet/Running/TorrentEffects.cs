using System.Collections.Immutable;
using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Core.Wire;
using Freshet.Discovery;
using Freshet.Disk;
using Freshet.WebSeeds;

namespace Freshet.Running;

/// <summary>
/// Does what a torrent's machine asks for. Owns the torrent's connections by their keys; used on the torrent's loop alone. There is no data
/// until the metadata is known, and the machine asks for none until then.
/// </summary>
internal sealed class TorrentEffects : ITorrentEffects, IDisposable
{
    private static readonly TimeSpan BetweenStallChecks = TimeSpan.FromSeconds(5);

    private readonly SessionServices _services;
    private readonly TorrentActor _actor;
    private readonly FactReporter _reporter;
    private readonly Dictionary<PeerKey, PeerConnection> _connections = [];
    private readonly LiveConnections _live = new();
    private readonly List<PeerConnection> _toFlush = [];
    private readonly List<TorrentFact> _toReport = [];
    // Created with the first connection: most of thousands of torrents have none.
    private Dictionary<PeerKey, Origin>? _networks;
    private Func<TorrentDisk>? _openDisk;
    private TorrentRates? _rates;
    private WebSeedLine? _webSeeds;
    private PeerMessageLimits _messageLimits = PeerMessageLimits.BeforeMetadata;
    private TorrentStore? _store;
    private CancellationTokenSource _run = new();
    private Timestamp _checkedStalls;
    private int _lastKey;
    private int _epoch;

    public TorrentEffects(SessionServices services, TorrentActor actor)
    {
        _services = services;
        _epoch = services.Network.OwnBinding.Epoch;
        _actor = actor;
        _reporter = new FactReporter(services, actor.Handle);
        Blocks = services.Pool.OpenShare(actor.Key);
        Readers = new TorrentReaders(actor, () => Store);
    }

    /// <summary>The torrent's data; null until the metadata is known. May be read on any thread.</summary>
    public TorrentStore? Store => Volatile.Read(ref _store);

    /// <summary>The torrent's share of the memory for payload.</summary>
    public BlockShare Blocks { get; }

    /// <summary>The readers of its files.</summary>
    public TorrentReaders Readers { get; }

    private TorrentDisk Disk => Store?.Disk ?? throw new InvalidOperationException("A torrent without metadata has no data.");

    /// <summary>The metadata is known: sets the torrent's data.</summary>
    public void Open(TorrentStore store) => Volatile.Write(ref _store, store);

    /// <summary>Sets the maximum message length on every connection.</summary>
    public void Limit(PeerMessageLimits limits)
    {
        _messageLimits = limits;
        foreach (PeerConnection connection in _connections.Values)
            connection.Limit(limits);
    }

    /// <summary>The torrent's own limits; created with the first connection or web seed.</summary>
    public TorrentRates Rates => _rates ??= new TorrentRates(_services, _actor.Options);

    /// <summary>Applies the torrent's own rate limits.</summary>
    public void KeepToRates(TorrentOptions options) => _rates?.Apply(options);

    /// <summary>
    /// Creates a connection from a transport whose handshakes are done, and assigns its key. The connection is not started yet.
    /// </summary>
    public PeerConnection Add(ITransport transport, IPeerConnectionOwner owner, bool isOutgoing)
    {
        PeerKey key = new(++_lastKey);
        PeerConnection connection = new(
            key, transport, owner, ForConnection(key, transport), _messageLimits);
        _connections.Add(key, connection);
        Origin network = Origin.OfNetwork(transport.RemoteEndPoint.Address);
        (_networks ??= []).Add(key, network);

        // An incoming connection has been counted since it was admitted.
        if (isOutgoing)
            _services.Competition.Connected(_actor.Key, network);
        return connection;
    }

    /// <summary>The total number of block leases that the machine has passed on or returned.</summary>
    public int LeasesHandled { get; private set; }

    /// <summary>Starts a connection's reading and writing.</summary>
    public void Start(PeerConnection connection)
    {
        connection.Start();
        _live.Add(connection.Ended);
    }

    /// <summary>Waits, for a limited time, for ended dials and connections; returns how many still run.</summary>
    public Task<int> WaitForConnectionsAsync() =>
        _live.WaitForNoneAsync(TimeSpan.FromSeconds(ConnectionLimits.EndSeconds), _services.Time);

    /// <summary>Whether a connection exists that the machine has not ended.</summary>
    public bool Has(PeerKey key) => _connections.ContainsKey(key);

    /// <summary>Removes a connection that ended by itself; false if the machine had ended it.</summary>
    public bool Forget(PeerKey key) => Remove(key) is not null;

    /// <summary>Sends what this turn of the loop has put into outboxes.</summary>
    public void Flush()
    {
        foreach (PeerConnection connection in _toFlush)
            connection.Flush();
        _toFlush.Clear();
    }

    /// <summary>Reports the facts of this turn, once the matching status is published.</summary>
    public void ReportFacts()
    {
        foreach (TorrentFact fact in _toReport)
            _reporter.Report(fact);
        _toReport.Clear();
    }

    /// <summary>Reports a fact that was held back, at the end of this turn.</summary>
    public void ReportLater(TorrentFact fact) => _toReport.Add(fact);

    /// <summary>The blocked addresses have changed.</summary>
    public void OnFilterChanged() => _webSeeds?.AskAgain();

    /// <summary>When <see cref="Tick"/> is to be called again.</summary>
    public Timestamp NextDue => _connections.Count > 0 ? _checkedStalls + BetweenStallChecks : Timestamp.Never;

    public void Tick(Timestamp now)
    {
        if (_services.Network.OwnBinding.WhyCut(ref _epoch) is { } trouble)
        {
            foreach (PeerConnection connection in _connections.Values)
                connection.Cut(trouble);
            _webSeeds?.Cut(trouble);
            return;
        }

        if (now - _checkedStalls < BetweenStallChecks)
            return;
        _checkedStalls = now;
        foreach (PeerConnection connection in _connections.Values)
            connection.CheckStall(now);
    }

    /// <summary>Cancels dials in progress and queued announces: the run is over.</summary>
    public void CancelDials()
    {
        _run.Cancel();
        _run.Dispose();
        _run = new CancellationTokenSource();
    }

    /// <summary>Looks up the peers in the torrent's link, as long as the run lasts.</summary>
    public async Task FindNamedAsync(ImmutableArray<string> peers)
    {
        try
        {
            NamedPeers named = new(_services.Network.Binding, _services.Time);
            await named.RunAsync(peers, _actor.AddNamedPeersAsync, _run.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    public void Demand(TorrentDemand demand) => _services.Competition.Demand(_actor.Key, demand);

    public void NoRoomMade() => _services.Competition.NoRoomMade(_actor.Key);

    public void Connect(IPEndPoint peer, DialHint hint) => _live.Add(DialAsync(peer, hint, _run.Token));

    public void Disconnect(PeerKey peer, DisconnectReason reason)
    {
        Remove(peer)?.Close(reason);
    }

    public void Send(PeerKey peer, in PeerMessage message)
    {
        if (_connections.TryGetValue(peer, out PeerConnection? connection) && connection.Send(message))
            _toFlush.Add(connection);
    }

    public void SendBlock(PeerKey peer, BlockRange block)
    {
        if (_connections.TryGetValue(peer, out PeerConnection? connection) && connection.SendBlock(block))
            _toFlush.Add(connection);
    }

    public bool CancelBlock(PeerKey peer, BlockRange block) =>
        _connections.TryGetValue(peer, out PeerConnection? connection) && connection.CancelBlock(block);

    public void CancelBlocks(PeerKey peer, List<BlockRange> cancelled)
    {
        if (_connections.TryGetValue(peer, out PeerConnection? connection))
            connection.CancelBlocks(cancelled);
    }

    public TimeSpan HeldUp(PeerKey peer, Timestamp now) =>
        _connections.TryGetValue(peer, out PeerConnection? connection)
            ? connection.HeldUp(now)
            : _webSeeds?.HeldUp(peer, now) ?? default;

    public HeldByLimit ReceivingHeld(PeerKey peer, Timestamp now) =>
        _connections.TryGetValue(peer, out PeerConnection? connection)
            ? connection.ReceivingHeld(now)
            : _webSeeds?.HeldByLimit(peer, now) ?? default;

    public HeldByLimit SendingHeld(PeerKey peer, Timestamp now) =>
        _connections.TryGetValue(peer, out PeerConnection? connection) ? connection.SendingHeld(now) : default;

    public TimeSpan? RoundTrip(PeerKey peer) =>
        _connections.TryGetValue(peer, out PeerConnection? connection) ? connection.RoundTrip : null;

    public void Fetch(FetchOrder order) => _live.Add((_webSeeds ??= ForWebSeeds()).Fetch(order));

    public void AbortFetch(PeerKey seed, FetchKey fetch) => _webSeeds?.Abort(seed, fetch);

    public void ClaimData() => _actor.ClaimData();

    public void WriteBlock(BlockRef block, BlockLease lease)
    {
        LeasesHandled++;
        _services.Metrics.AddReceived(Disk.Layout.LengthOf(block));
        Disk.WriteBlock(block, lease);
    }

    public void ReportResponse(PeerTransport transport, TimeSpan time) => _services.Metrics.AddResponse(transport, time);

    public void DiscardPiece(PieceIndex piece) => Disk.DiscardPiece(piece);

    public void Release(BlockLease lease)
    {
        LeasesHandled++;
        _services.Pool.Return(lease);
    }

    public void CheckPieces(Bitfield pieces) => Disk.CheckPieces(pieces);

    public void ProbeDisk() => Store?.Probe();

    public void Announce(string tracker, AnnounceRequest request) => _ = AnnounceAsync(tracker, request);

    public void MetadataFetched(ReadOnlyMemory<byte> info) => _actor.PostMetadata(info);

    public void ReadMetadata() => _ = _actor.ReadMetadataAsync();

    public void Report(TorrentFact fact)
    {
        Readers.OnFact(fact);
        if (_actor.OnFact(fact))
            _toReport.Add(fact);
    }

    public void Dispose()
    {
        Readers.CloseAll();
        _services.Competition.Remove(_actor.Key);
        _run.Dispose();
        _rates?.Dispose();
    }

    private WebSeedLine ForWebSeeds() => new(
        new WebSeedServices(_services.Network.WebSeeds, Blocks, Rates.Download, _services.Metrics, _services.Time), _actor);

    private PeerConnectionServices ForConnection(PeerKey key, ITransport transport)
    {
        PeerRates rates = Rates.Open(key, transport.RemoteEndPoint.Address, isTcp: transport.Way.Transport == PeerTransport.Tcp);
        return new PeerConnectionServices(
            Blocks, new DiskBlockReader(_openDisk ??= () => Disk), rates.Download, rates.Upload, _services.Time);
    }

    private PeerConnection? Remove(PeerKey key)
    {
        if (!_connections.Remove(key, out PeerConnection? connection))
            return null;
        _rates?.Close(key);
        if (_networks!.Remove(key, out Origin network))
            _services.Competition.Disconnected(_actor.Key, network);
        return connection;
    }

    private async Task DialAsync(IPEndPoint peer, DialHint hint, CancellationToken cancellationToken)
    {
        DialResult result;
        DialPlan plan = _services.Network.DialPlans.For(peer, hint);
        try
        {
            // A peer is not to blame if we have lost our address.
            Handshake ours = _services.HandshakeFor(_actor.Identity.SwarmHash);
            do
            {
                await _services.Network.OwnBinding.Back.WaitAsync(cancellationToken).ConfigureAwait(false);
                result = await _services.Network.Dialer.DialAsync(plan, ours, cancellationToken).ConfigureAwait(false);
            }
            while (result.Transport is null && _services.Network.HasLostAddress());
        }
        catch (OperationCanceledException)
        {
            result = DialResult.Failure(DisconnectReason.TorrentStopped);
        }

        _actor.PostDialled(peer, result);
    }

    private async Task AnnounceAsync(string tracker, AnnounceRequest request)
    {
        // When the run ends, queued announces are withdrawn, except those with the stopped event.
        CancellationToken takenBack = request.Event == AnnounceEvent.Stopped ? CancellationToken.None : _run.Token;

        // Behind a proxy nobody can connect to us. Some trackers refuse port 0, and nobody listens at port 1.
        AnnounceRequest said = request with { Port = Math.Max(1, _services.Network.AnnouncedPort(request.Family)) };
        TrackerOutcome<AnnounceResponse> outcome = _services.Network.HasLostAddress()
            ? new(null, _services.Network.OwnBinding.Trouble)
            : await _services.Network.Trackers.AnnounceAsync(tracker, said, CancellationToken.None, takenBack).ConfigureAwait(false);
        _actor.PostAnnounced(request.To(tracker), outcome);
    }
}
