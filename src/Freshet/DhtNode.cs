using System.Net;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Metainfo;
using Freshet.Discovery;
using Freshet.Network;
using Freshet.Running;

namespace Freshet;

/// <summary>A node of the DHT by itself, without a session: to look things up, or to serve others.</summary>
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

    /// <summary>How it stands.</summary>
    public DhtStatus Status => _service.Status;

    /// <summary>Where it receives datagrams; a socket that fails is made anew.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _mux.EndPoints;

    /// <summary>Starts a node, which begins at once to look for others.</summary>
    /// <exception cref="ArgumentException">Options are wrong; the message names all that are.</exception>
    /// <exception cref="FreshetException">It cannot have its port (<see cref="FreshetError.CannotListen"/>).</exception>
    public static async Task<DhtNode> StartAsync(DhtNodeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        NetworkBinding binding = new(options.Bind);
        UdpMux mux = new(new UdpMuxOptions { Binding = binding, Port = options.Port, Time = options.TimeProvider });
        DhtService service = DhtStart.Create(mux, binding, options.TimeProvider, options.Dht);
        DhtNode node = new(mux, service, options.TimeProvider);
        try
        {
            await service.StartAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
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
    /// Looks for peers of a torrent. Waits for the first other nodes, but not longer than ten seconds; then there is nothing to be found.
    /// </summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="announcedPort">Announces a peer at this TCP port of ours to the nodes that are closest; null announces nobody.</param>
    /// <param name="found">Is told of peers as they are found; may be called on any thread, and must return soon.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DhtPeers> FindPeersAsync(
        InfoHash infoHash,
        int? announcedPort = null,
        Action<IReadOnlyList<IPEndPoint>>? found = null,
        CancellationToken cancellationToken = default)
    {
        if (announcedPort is < 1 or > IPEndPoint.MaxPort)
            throw new ArgumentOutOfRangeException(nameof(announcedPort), announcedPort, "A port is 1 to 65535.");
        await WaitForNodesAsync(cancellationToken).ConfigureAwait(false);
        DhtPeerSearch search = new(found);
        AnnounceAs? announce = announcedPort is { } port ? new AnnounceAs((ushort)port, ImpliesPort: false, IsSeed: false) : null;
        SearchKey key = _service.FindPeers(infoHash, announce, search);
        try
        {
            return await search.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _service.Cancel(key);
            throw;
        }
    }

    /// <summary>Ends the node. Nobody is told: others notice when they ask it next.</summary>
    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync().ConfigureAwait(false);
        await _mux.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WaitForNodesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _service.Ready.WaitAsync(StartTime, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // There may be none yet: the search will say that nobody answered.
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
