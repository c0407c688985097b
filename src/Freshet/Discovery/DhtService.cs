using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Freshet.Core;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Loops;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// A session's DHT node, on the session's UDP port: it claims the datagrams that begin like a bencoded dictionary. Its machine belongs to
/// the mux's loop; every other member is thread-safe.
/// </summary>
internal sealed class DhtService : IDatagramProtocol, IDhtEffects, IAsyncDisposable
{
    private static readonly TimeSpan BetweenSaves = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenLookups = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenStatuses = TimeSpan.FromMilliseconds(250);

    private readonly DhtServiceOptions _options;
    private readonly DhtMachine _machine;
    private readonly Dictionary<SearchKey, IDhtSearcher> _searchers = [];
    private readonly NamedNodes _named = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DhtStatus _status;
    private Timestamp _save;
    private Timestamp _lookup;
    private Timestamp _published;
    private Timestamp _publish;
    private Task _saving = Task.CompletedTask;
    private Task _lookingUp = Task.CompletedTask;
    private Task _lookingUpNamed = Task.CompletedTask;
    private long _lastKey;

    public DhtService(DhtServiceOptions options)
    {
        _options = options;
        Timestamp now = options.Time.Now();
        _save = now + BetweenSaves;
        _machine = new DhtMachine(
            options.Machine with
            {
                HasV4 = options.Binding.MayAllow(AddressFamily.InterNetwork),
                HasV6 = options.Binding.MayAllow(AddressFamily.InterNetworkV6),
            },
            this,
            new UnpredictableRandom(),
            now);
        _status = _machine.Status();
    }

    /// <summary>The node's last status.</summary>
    public DhtStatus Status => Volatile.Read(ref _status);

    /// <summary>The port announced to peers; 0 while there is no socket.</summary>
    public int Port => _options.Mux.EndPoints is [{ } first, ..] ? first.Port : 0;

    public Timestamp NextDeadline => Timestamp.Min(Timestamp.Min(_machine.NextDeadline, _publish), Timestamp.Min(_save, _lookup));

    /// <summary>Completes when the first other node has answered.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Joins the DHT. Completes when the socket is open, or cannot be for now.</summary>
    public async Task StartAsync()
    {
        TaskCompletionSource registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _options.Mux.Register(this);
        _options.Mux.Post(registered.SetResult);
        await registered.Task.ConfigureAwait(false);
    }

    /// <summary>Looks for peers of a swarm, and optionally announces us there.</summary>
    public SearchKey FindPeers(InfoHash swarm, AnnounceAs? announce, SearchUrgency urgency, IDhtSearcher searcher) =>
        Search((key, now) => _machine.FindPeers(key, swarm, announce, urgency, now), searcher);

    /// <summary>Looks for an item (BEP 44), and optionally stores one.</summary>
    public SearchKey FindItem(NodeId target, ItemSearch item, IDhtSearcher searcher) =>
        Search((key, now) => _machine.FindItem(key, target, item, now), searcher);

    /// <summary>Cancels a search; its searcher gets no more calls, once those in progress have arrived.</summary>
    public void Cancel(SearchKey key) => _options.Mux.Post(() =>
    {
        if (_searchers.Remove(key))
            _machine.Cancel(key);
        OnChanged();
    });

    /// <summary>A peer has reported its DHT node.</summary>
    public void OnNode(IPEndPoint node) => _options.Mux.Post(() =>
    {
        _machine.OnHint(NodeAddress.From(node), _options.Time.Now());
        OnChanged();
    });

    /// <summary>
    /// Adds nodes that a torrent names (BEP 5, <c>nodes</c>). Each name is resolved when nothing else needs a name, and again as long as
    /// that fails and no other node is known.
    /// </summary>
    public Task AddNodesAsync(ImmutableArray<string> nodes) => LookUpAsync(_named.Add(nodes), BeginningKind.Reported);

    bool IDatagramProtocol.Claims(ReadOnlySpan<byte> datagram, UdpAddress sender) => datagram is [(byte)'d', ..];

    void IDatagramProtocol.OnDatagram(ReadOnlySpan<byte> datagram, UdpAddress sender, Timestamp now)
    {
        _machine.OnDatagram(datagram, sender.ToNode(), now);
        OnChanged();
    }

    // Nothing to do: the status is published when it is due.
    void IDatagramProtocol.OnBatchEnd(Timestamp now)
    {
    }

    void IDatagramProtocol.OnDeadline(Timestamp now)
    {
        if (_machine.NextDeadline <= now)
        {
            _machine.OnDeadline(now);
            OnChanged();
        }

        if (_save <= now)
        {
            _save = now + BetweenSaves;
            Save();
        }

        // Names may not be resolvable yet when the session starts, as on a machine that has just booted.
        if (_lookup <= now)
        {
            _lookup = now + BetweenLookups;
            if (_machine.NodeCount == 0 && _lookingUp.IsCompleted)
                _lookingUp = LookUpAllAsync();

            // Apart, since those of torrents may be any number of dead names.
            if (_machine.NodeCount == 0 && _lookingUpNamed.IsCompleted)
                _lookingUpNamed = LookUpAsync(_named.TakeFailed(), BeginningKind.Reported);
        }

        if (_publish <= now)
            PublishStatus(now);
    }

    void IDhtEffects.Send(ReadOnlySpan<byte> datagram, NodeAddress target) => _options.Mux.Send(datagram, UdpAddress.From(target));

    void IDhtEffects.PeersFound(SearchKey search, IReadOnlyList<IPEndPoint> peers)
    {
        if (_searchers.TryGetValue(search, out IDhtSearcher? searcher))
            searcher.OnPeersFound(peers);
    }

    void IDhtEffects.SearchEnded(SearchKey search, SearchReport report)
    {
        if (_searchers.Remove(search, out IDhtSearcher? searcher))
            searcher.OnSearchEnded(report);
    }

    /// <summary>Leaves the port, and saves the known nodes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _options.Mux.Post(() =>
        {
            try
            {
                foreach (IDhtSearcher searcher in _searchers.Values)
                    searcher.OnSearchEnded(null);
                _searchers.Clear();
                Save();
            }
            finally
            {
                left.SetResult();
            }
        });
        await left.Task.ConfigureAwait(false);
        _options.Mux.Unregister(this);

        // A disk that hangs must not hold up the end.
        await _saving.WaitAsync(Limits.LastStopTime, _options.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_lookingUp, _lookingUpNamed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private SearchKey Search(Func<SearchKey, Timestamp, bool> begin, IDhtSearcher searcher)
    {
        SearchKey key = new(Interlocked.Increment(ref _lastKey));
        _options.Mux.Post(() =>
        {
            _searchers.Add(key, searcher);
            OnChanged();
            if (!_ending.IsCancellationRequested && begin(key, _options.Time.Now()))
                return;
            _searchers.Remove(key);
            searcher.OnSearchEnded(null);
        });
        return key;
    }

    // On a busy port, a status for each batch of datagrams would make up most of what is allocated.
    private void OnChanged()
    {
        _publish = Timestamp.Min(_publish, _published + BetweenStatuses);
        if (!_ready.Task.IsCompleted && _machine.NodeCount > 0)
            _ready.SetResult();
    }

    private void PublishStatus(Timestamp now)
    {
        (_published, _publish) = (now, Timestamp.Never);
        Volatile.Write(ref _status, _machine.Status());
    }

    private void Save()
    {
        DhtMemory memory = _machine.Remember();
        if (!memory.Nodes.IsEmpty && _saving.IsCompleted)
            _saving = _options.Save(memory.ToArray());
    }

    private async Task LookUpAllAsync()
    {
        await LookUpAsync(_options.Bootstrap, BeginningKind.Named).ConfigureAwait(false);
        await LookUpAsync(_options.Routers, BeginningKind.Router).ConfigureAwait(false);
    }

    private async Task LookUpAsync(ImmutableArray<DhtHost> hosts, BeginningKind kind)
    {
        try
        {
            await Task.WhenAll(hosts.Select(host => LookUpAsync(host, kind))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The session is ending.
        }
    }

    private async Task LookUpAsync(DhtHost host, BeginningKind kind)
    {
        IPAddress[] found;
        if (_options.Mux.Names is { } names)
        {
            found = [names.AddressOf(host.Name)];
        }
        else
        {
            NameUrgency urgency = kind == BeginningKind.Reported ? NameUrgency.Minor : NameUrgency.Needed;
            (found, _) = await _options.Binding.ResolveAsync(host.Name, _ending.Token, urgency).ConfigureAwait(false);
        }

        if (kind == BeginningKind.Reported && found.Length == 0)
            _named.OnFailed(host);
        NodeAddress[] addresses = [.. found.Select(address => NodeAddress.From(new IPEndPoint(address, host.Port)))];
        _options.Mux.Post(() =>
        {
            _machine.AddBeginnings(addresses, kind, _options.Time.Now());
            OnChanged();
        });
    }

    /// <summary>Ids, transaction ids and tokens must be unpredictable, even to someone who has seen some of them.</summary>
    private sealed class UnpredictableRandom : Random
    {
        public override int Next(int maxValue) => maxValue <= 1 ? 0 : RandomNumberGenerator.GetInt32(maxValue);

        public override int Next(int minValue, int maxValue) =>
            maxValue - minValue <= 1 ? minValue : RandomNumberGenerator.GetInt32(minValue, maxValue);

        public override long NextInt64(long maxValue)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            RandomNumberGenerator.Fill(bytes);
            return (long)(BitConverter.ToUInt64(bytes) % (ulong)maxValue);
        }

        public override void NextBytes(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);
    }
}
