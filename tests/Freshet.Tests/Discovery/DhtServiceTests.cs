using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Metainfo;
using Freshet.Discovery;
using Freshet.Network;
using Freshet.Running;
using Freshet.Tests.Connections;
using Freshet.Tests.Network;

namespace Freshet.Tests.Discovery;

/// <summary>Nodes of the DHT on this machine, with real sockets.</summary>
public sealed class DhtServiceTests : IAsyncDisposable
{
    private readonly List<DhtNode> _nodes = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_peer_that_one_node_announces_is_found_by_another(string address)
    {
        if (address == "::1")
            Requires.IPv6Loopback();
        DhtNode first = await StartAsync(address);
        for (int i = 0; i < 10; i++)
            await StartAsync(address, first);
        InfoHash hash = new([.. Enumerable.Range(1, 20).Select(i => (byte)i)]);
        DhtNode announcer = await StartAsync(address, first);
        DhtPeers announced = await announcer.FindPeersAsync(hash, 4242, cancellationToken: Token).Bounded();
        Assert.Empty(announced.Peers);
        Assert.InRange(announced.Announced, 1, 8);
        DhtPeers found = await (await StartAsync(address, first)).FindPeersAsync(hash, cancellationToken: Token).Bounded();
        Assert.Equal([new IPEndPoint(IPAddress.Parse(address), 4242)], found.Peers);
    }

    [Fact]
    public async Task A_node_that_is_bound_to_loopback_asks_no_public_bootstrap()
    {
        ConcurrentQueue<string> names = new();
        NetworkBinding binding = new(IPAddress.Loopback)
        {
            Names = new NameResolver(name =>
            {
                names.Enqueue(name);
                return [IPAddress.Loopback];
            }),
        };
        UdpMux mux = new(new UdpMuxOptions { Binding = binding });
        DhtOptions options = new() { Bootstrap = [.. DhtOptions.WellKnownBootstrap, "localhost.invalid:1"] };
        DhtService service = DhtStart.Create(mux, binding, TimeProvider.System, options);
        await service.StartAsync();
        await Patience.Until(() => !names.IsEmpty);
        await service.DisposeAsync();
        await mux.DisposeAsync();
        Assert.Equal(["localhost.invalid"], names);
    }

    /// <summary>As on a machine that has just booted, whose torrents are restored before its network is up.</summary>
    [Fact]
    public async Task A_node_whose_name_could_not_be_looked_up_is_looked_up_again_while_there_is_no_other()
    {
        DhtNode other = await StartAsync("127.0.0.1");
        int lookups = 0;
        NetworkBinding binding = new(IPAddress.Loopback)
        {
            Names = new NameResolver(_ => Interlocked.Increment(ref lookups) == 1
                ? throw new SocketException((int)SocketError.TryAgain)
                : [IPAddress.Loopback]),
        };
        VirtualTime time = new();
        UdpMux mux = new(new UdpMuxOptions { Binding = binding, Time = time });
        DhtService service = DhtStart.Create(mux, binding, time, new DhtOptions { Bootstrap = [] });
        await service.StartAsync();
        await service.AddNodesAsync([$"node.test:{other.EndPoints[0].Port}"]);
        Assert.Equal(1, Volatile.Read(ref lookups));
        await time.PassUntil(() => other.Status.DatagramsIn > 0, TimeSpan.FromSeconds(1));
        Assert.Equal(2, Volatile.Read(ref lookups));
        await service.DisposeAsync();
        await mux.DisposeAsync();
    }

    [Fact]
    public void No_torrent_keeps_out_the_nodes_that_later_ones_name()
    {
        NamedNodes named = new();
        Assert.Equal(200, named.Add(Names("one", 200)).Length);
        Assert.Equal(200, named.Add(Names("two", 200)).Length);
        Assert.Equal([new DhtHost("three0.test", 1)], named.Add(Names("three", 1)));

        // Each is looked up once, unless that failed; and those that have been forgotten are not tried again.
        Assert.Empty(named.Add(Names("two", 200)));
        named.OnFailed(new DhtHost("two7.test", 1));
        named.OnFailed(new DhtHost("one7.test", 1));
        Assert.Equal([new DhtHost("two7.test", 1)], named.TakeFailed());
        Assert.Empty(named.TakeFailed());
        named.OnFailed(new DhtHost("two7.test", 1));
        Assert.Equal([new DhtHost("two7.test", 1)], named.Add(Names("two", 200)));
        Assert.Empty(named.TakeFailed());

        static ImmutableArray<string> Names(string torrent, int count) =>
            [.. Enumerable.Range(0, count).Select(i => $"{torrent}{i}.test:1")];
    }

    [Fact]
    public async Task A_disk_that_hangs_while_nodes_are_kept_does_not_hold_up_the_end()
    {
        DhtNode other = await StartAsync("127.0.0.1");
        NetworkBinding binding = new(IPAddress.Loopback);
        await using UdpMux mux = new(new UdpMuxOptions { Binding = binding });
        TaskCompletionSource saved = new();
        bool isAsked = false;
        DhtService service = new(new DhtServiceOptions
        {
            Mux = mux,
            Binding = binding,
            Time = TimeProvider.System,
            Bootstrap = [new DhtHost("127.0.0.1", other.EndPoints[0].Port)],
            Machine = new DhtMachineOptions { AllowsLocal = true },
            Save = _ =>
            {
                isAsked = true;
                return saved.Task;
            },
        });
        await service.StartAsync();
        await service.Ready.Bounded();
        await service.DisposeAsync().AsTask().Bounded();
        Assert.True(isAsked);
    }

    [Fact]
    public async Task A_node_that_may_not_use_local_addresses_neither_asks_nor_answers_there()
    {
        using Socket stranger = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using DhtNode node = await DhtNode.StartAsync(
            new DhtNodeOptions { Dht = new DhtOptions { Bootstrap = [$"localhost:{((IPEndPoint)stranger.LocalEndPoint!).Port}"] } }, Token);
        IPEndPoint v4 = node.EndPoints.First(endPoint => endPoint.AddressFamily == AddressFamily.InterNetwork);
        await stranger.SendToAsync(
            "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, v4.Port), Token);
        await Patience.Until(() => node.Status.Dropped == 1);
        Assert.Equal(0, node.Status.DatagramsOut);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_whose_id_does_not_go_with_its_address_is_accepted_unless_ids_are_enforced(bool areEnforced)
    {
        using NamespaceThread network = NamespaceThread.CreateOrSkip();
        network.AddAddress("203.0.113.1/24");
        network.AddAddress("203.0.113.2/24");
        using ScriptedNode other = new(
            network.NewSocket(AddressFamily.InterNetwork, SocketType.Dgram), IPAddress.Parse("203.0.113.2"));
        NetworkBinding binding = new(IPAddress.Parse("203.0.113.1")) { NewSocket = network.NewSocket };
        UdpMux mux = new(new UdpMuxOptions { Binding = binding });
        DhtOptions options = new() { Bootstrap = [other.EndPoint.ToString()], EnforceNodeIds = areEnforced };
        DhtService service = DhtStart.Create(mux, binding, TimeProvider.System, options);
        await service.StartAsync();
        await other.AnswerAsync(await other.AnswerUntilAsync(DhtMethod.FindNode, Token), Token);

        // What it sent before has been dealt with when this is counted.
        await other.PingAsync(Token);
        await Patience.Until(() => service.Status.DatagramsIn >= 2);
        Assert.Equal(areEnforced ? 0 : 1, service.Status.Nodes);
        await service.DisposeAsync();
        await mux.DisposeAsync();
    }

    // Nobody behind a router or a VPN has another address to bind to.
    [Theory]
    [InlineData("10.8.0.2", "8.8.8.8:1", "10.8.0.3:1", false)]
    [InlineData("10.8.0.2", "203.0.113.1:1", "203.0.113.9:1", true)]
    [InlineData("10.8.0.2", "203.0.113.1:1", "127.0.0.1:1", false)]
    [InlineData("192.168.1.7", "localhost:1", "127.0.0.1:1", false)]
    [InlineData("fd00::7", "[2600::1]:1", "[fd00::1]:1", false)]
    [InlineData("fd00::7", "[fd00::2]:1", "[fd77::1]:1", true)]
    [InlineData("fd00::7", "[fd00::2]:1", "[::1]:1", false)]
    [InlineData("127.0.0.1", "8.8.8.8:1", "192.168.1.1:1", true)]
    [InlineData("::1", "[2600::1]:1", "[::1]:1", true)]
    [InlineData("10.8.0.2", "10.8.0.1:1", "10.250.1.1:1", true)]
    [InlineData("10.8.0.2", "10.8.0.1:1", "192.168.1.1:1", false)]
    [InlineData("10.8.0.2", "10.8.0.1:1", "127.0.0.1:1", false)]
    [InlineData("10.8.0.2", "10.8.0.1:1", "169.254.1.1:1", false)]
    [InlineData("10.8.0.2", "10.8.0.1:1", "9.9.9.9:1", true)]
    [InlineData("10.8.0.2", "[::ffff:10.8.0.1]:1", "10.9.9.9:1", true)]
    [InlineData("203.0.112.7", "[::1]:1", "[::1]:2", true)]
    [InlineData("203.0.112.7", "0.0.0.5:1", "127.0.0.1:2", false)]
    public void Local_nodes_are_used_by_one_that_is_bound_to_loopback_or_told_of_one_of_their_range(
        string bind, string bootstrap, string node, bool allows) =>
        Assert.Equal(allows, DhtStart.Allowing(
            new NetworkBinding(IPAddress.Parse(bind)), new DhtOptions { Bootstrap = [bootstrap] })
            .Allows(NodeAddress.From(IPEndPoint.Parse(node))));

    [Fact]
    public async Task A_node_on_a_local_address_that_is_named_is_asked()
    {
        DhtNode named = await StartAsync("127.0.0.1");
        await using DhtNode node = await DhtNode.StartAsync(
            new DhtNodeOptions { Dht = new DhtOptions { Bootstrap = [named.EndPoints[0].ToString()] } }, Token);
        await Patience.Until(() => node.Status.Nodes == 1);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_that_says_so()
    {
        DhtNode first = await StartAsync("127.0.0.1");
        DhtNodeOptions options = new()
        {
            BindAddress = IPAddress.Loopback,
            Port = first.EndPoints[0].Port,
            Dht = new DhtOptions { Bootstrap = [] },
        };
        FreshetException error = await Assert.ThrowsAsync<FreshetException>(() => DhtNode.StartAsync(options, Token));
        Assert.Equal(FreshetError.CannotListen, error.Error);
        Assert.Contains("is taken by another program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_gives_up_a_search_does_not_wait_for_its_end()
    {
        DhtNode node = await StartAsync("127.0.0.1");
        using CancellationTokenSource source = new();
        Task<DhtPeers> search = node.FindPeersAsync(new InfoHash(new byte[20]), cancellationToken: source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search.Bounded());
    }

    [Theory]
    [InlineData("host")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("::1:5")]
    [InlineData(":5")]
    public void A_bootstrap_that_is_no_host_with_its_port_is_refused(string host) => Assert.Throws<ArgumentException>(
        () => new SessionOptions { Dht = new DhtOptions { Bootstrap = [host] } }.Validate());

    public async ValueTask DisposeAsync()
    {
        foreach (DhtNode node in _nodes)
            await node.DisposeAsync();
    }

    private async Task<DhtNode> StartAsync(string address, DhtNode? other = null)
    {
        DhtNode node = await DhtNode.StartAsync(
            new DhtNodeOptions
            {
                BindAddress = IPAddress.Parse(address),
                Dht = new DhtOptions { Bootstrap = other is null ? [] : [other.EndPoints[0].ToString()] },
            },
            Token);
        _nodes.Add(node);
        if (other is not null)
            await Patience.Until(() => node.Status.Nodes + node.Status.Nodes6 > 0);
        return node;
    }
}
