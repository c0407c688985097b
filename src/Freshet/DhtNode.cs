using System.Net;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Items;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire.Proxies;
using Freshet.Discovery;
using Freshet.Network;
using Freshet.Running;

namespace Freshet;

/// <summary>A standalone DHT node, without a session: it looks things up and serves other nodes.</summary>
public sealed class DhtNode : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(10);

    private readonly UdpMux _mux;
    private readonly DhtService _service;
    private readonly TimeProvider _time;

    private DhtNode(UdpMux mux, DhtService service, TimeProvider time)
    {
        _mux = mux;
        _service = service;
        _time = time;
    }

    /// <summary>The current status of the node.</summary>
    public DhtStatus Status => _service.Status;

    /// <summary>The endpoints on which the node receives datagrams. A socket that fails is reopened.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _mux.EndPoints;

    /// <summary>Starts a node, which immediately begins to look for other nodes.</summary>
    /// <exception cref="ArgumentException">The options are invalid; the message names every invalid one.</exception>
    /// <exception cref="FreshetException">The port cannot be opened (<see cref="FreshetError.CannotListen"/>).</exception>
    public static async Task<DhtNode> StartAsync(DhtNodeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        NetworkWays ways = new(new NetworkBinding(options.Bind) { NameServers = options.NameServers }, options.Proxy);
        UdpMuxOptions udp = new() { Binding = ways.Own, Port = options.Port, Time = options.TimeProvider };
        UdpMux mux = ways.CreateUdp(ProxyUses.Dht, udp)!;
        DhtService service = DhtStart.Create(mux, ways.BindingFor(ProxyUses.Dht), options.TimeProvider, options.Dht);
        DhtNode node = new(mux, service, options.TimeProvider);
        try
        {
            await service.StartAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            if (await mux.WhenOpenAsync(cancellationToken).ConfigureAwait(false) is { } closed)
                throw new FreshetException(FreshetError.CannotListen, closed + ".");
            if (mux.Names is null)
                RequirePort(options, mux.EndPoints);
            return node;
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Looks for peers of a torrent. Waits up to ten seconds for the first other nodes; if none are known by then, nothing is found.
    /// </summary>
    /// <param name="infoHash">The torrent's info-hash.</param>
    /// <param name="announcedPort">The TCP port to announce to the closest nodes; null announces nothing.</param>
    /// <param name="found">Called with peers as they are found, on any thread; it must return quickly.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public async Task<DhtPeers> FindPeersAsync(
        InfoHash infoHash,
        int? announcedPort = null,
        Action<IReadOnlyList<IPEndPoint>>? found = null,
        CancellationToken cancellationToken = default)
    {
        if (announcedPort is < 1 or > IPEndPoint.MaxPort)
            throw new ArgumentOutOfRangeException(nameof(announcedPort), announcedPort, "A port is 1 to 65535.");
        await WaitForNodesAsync(cancellationToken).ConfigureAwait(false);
        AnnounceAs? announce = announcedPort is { } port ? new AnnounceAs((ushort)port, ImpliesPort: false, IsSeed: false) : null;
        DhtSearch search = new(found);
        SearchKey key = _service.FindPeers(infoHash, announce, SearchUrgency.Lacking, search);
        return DhtResults.Peers(search, await EndOfAsync(search, key, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Looks for an immutable item (BEP 44). Waits for the first other nodes as <see cref="FindPeersAsync"/> does.</summary>
    /// <param name="target">The SHA-1 of the item's bencoded value.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public Task<DhtItem> GetItemAsync(InfoHash target, CancellationToken cancellationToken = default) =>
        FindItemAsync(NodeId.Of(target), new ItemSearch(default, default), cancellationToken);

    /// <summary>Looks for the latest version of a mutable item (BEP 44).</summary>
    /// <param name="publicKey">The owner's public key: 32 bytes.</param>
    /// <param name="salt">Selects one of the key's items; at most 64 bytes, usually empty.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public Task<DhtItem> GetItemAsync(
        ReadOnlyMemory<byte> publicKey, ReadOnlyMemory<byte> salt = default, CancellationToken cancellationToken = default)
    {
        if (publicKey.Length != Ed25519.PublicKeyLength)
            throw new ArgumentException("A public key has 32 bytes.", nameof(publicKey));
        RequireSalt(salt);
        NodeId target = ItemContent.TargetOf(publicKey.Span, salt.Span);
        return FindItemAsync(target, new ItemSearch(publicKey, salt), cancellationToken);
    }

    /// <summary>Stores an immutable item on the nodes closest to its hash. They keep it for two hours.</summary>
    /// <param name="value">The value, bencoded in canonical form, at most 1,000 bytes.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The value cannot be stored.</exception>
    public Task<DhtItem> PutItemAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default)
    {
        RequireValue(value);
        ItemSearch search = new(default, default) { Make = _ => ItemContent.Of(value) };
        return FindItemAsync(ItemContent.TargetOf(value.Span), search, cancellationToken);
    }

    /// <summary>Stores a new version of a mutable item, with a sequence number above the one found.</summary>
    /// <param name="value">The value, bencoded in canonical form, at most 1,000 bytes.</param>
    /// <param name="key">The key that signs the item.</param>
    /// <param name="salt">Selects one of the key's items; at most 64 bytes, usually empty.</param>
    /// <param name="expectedSequence">
    /// Stores only if the sequence number found equals this, so that no one else's version is overwritten; null accepts any.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The value or the salt cannot be stored.</exception>
    public Task<DhtItem> PutItemAsync(
        ReadOnlyMemory<byte> value,
        DhtItemKey key,
        ReadOnlyMemory<byte> salt = default,
        long? expectedSequence = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        RequireValue(value);
        RequireSalt(salt);
        ItemSearch search = new(key.PublicKey, salt)
        {
            ExpectedSequence = expectedSequence,
            Make = found => (expectedSequence ?? found?.Sequence ?? 0) != (found?.Sequence ?? 0) || found?.Sequence == long.MaxValue
                ? null
                : key.Sign(salt, (found?.Sequence ?? 0) + 1, value),
        };
        return FindItemAsync(ItemContent.TargetOf(key.PublicKey.Span, salt.Span), search, cancellationToken);
    }

    /// <summary>Stops the node. DHT nodes do not say goodbye: the others notice at their next query.</summary>
    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync().ConfigureAwait(false);
        await _mux.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<DhtItem> FindItemAsync(NodeId target, ItemSearch item, CancellationToken cancellationToken)
    {
        await WaitForNodesAsync(cancellationToken).ConfigureAwait(false);
        DhtSearch search = new(found: null);
        SearchReport? report = await EndOfAsync(search, _service.FindItem(target, item, search), cancellationToken).ConfigureAwait(false);
        return DhtResults.Item(target, report);
    }

    private async Task<SearchReport?> EndOfAsync(DhtSearch search, SearchKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await search.Report.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _service.Cancel(key);
            throw;
        }
    }

    private static void RequireValue(ReadOnlyMemory<byte> value)
    {
        if (!ItemContent.IsValue(value.Span))
            throw new ArgumentException("A value is bencoded, in canonical form, and has at most 1,000 bytes.", nameof(value));
    }

    private static void RequireSalt(ReadOnlyMemory<byte> salt)
    {
        if (salt.Length > ItemContent.MaxSaltLength)
            throw new ArgumentException("A salt has at most 64 bytes.", nameof(salt));
    }

    private async Task WaitForNodesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _service.Ready.WaitAsync(StartTime, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // There may still be no nodes; the search then reports that nobody answered.
        }
    }

    private static void RequirePort(DhtNodeOptions options, IReadOnlyList<IPEndPoint> endPoints)
    {
        string where = options.Bind is { } bound ? $"{bound}, UDP port {options.Port}" : $"UDP port {options.Port}";
        if (endPoints.Count == 0)
            throw new FreshetException(FreshetError.CannotListen, $"There can be no socket at {where}.");
        if (options.Port != 0 && endPoints[0].Port != options.Port)
            throw new FreshetException(FreshetError.CannotListen, $"The {where} is taken by another program; choose another.");
    }
}
