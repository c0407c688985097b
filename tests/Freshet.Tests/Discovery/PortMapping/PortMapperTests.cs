using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Freshet.Discovery.PortMapping;
using Freshet.Network;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Discovery.PortMapping;

public class PortMapperTests
{
    private static readonly Dictionary<(int, int), int> Both = new() { [(6, 6881)] = 6881, [(17, 6881)] = 6881 };

    [Fact]
    public async Task A_router_that_speaks_PCP_maps_both_ports_until_the_end()
    {
        await using FakeRouter router = new("127.0.0.51");
        router.SpeakPcp();
        await AssertMapsAsync(router, "PCP");
    }

    [Fact]
    public async Task A_router_that_speaks_NAT_PMP_maps_both_ports_until_the_end()
    {
        await using FakeRouter router = new("127.0.0.52");
        router.SpeakNatPmp();
        await AssertMapsAsync(router, "NAT-PMP");
    }

    [Theory]
    [InlineData("127.0.0.53", false)]
    [InlineData("127.0.0.54", true)]
    public async Task A_router_that_only_speaks_UPnP_maps_both_ports_until_the_end(string address, bool onlyPermanent)
    {
        await using FakeRouter router = new(address) { OnlyPermanent = onlyPermanent };
        router.SpeakUpnp();
        await AssertMapsAsync(router, "UPnP");
    }

    [Fact]
    public async Task A_router_that_speaks_nothing_is_reported()
    {
        await using PortMapper mapper = Start("127.0.0.55");
        await Patience.Until(() => mapper.Status.Trouble is { } trouble && trouble.Contains("UPnP", StringComparison.Ordinal));
        Assert.Equal("the router 127.0.0.55 maps no ports (UPnP): it does not answer", mapper.Status.Trouble);
        Assert.Null(mapper.Status.TcpPort);
    }

    [Fact]
    public async Task A_location_on_another_host_is_never_asked()
    {
        using Socket victim = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        victim.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.57"), 0));
        victim.Listen();
        await using FakeRouter router = new("127.0.0.56") { Location = $"http://{victim.LocalEndPoint}/rootDesc.xml" };
        router.SpeakUpnp();
        await using PortMapper mapper = Start("127.0.0.56");
        await Patience.Until(() => mapper.Status.Trouble is { } trouble && trouble.Contains("UPnP", StringComparison.Ordinal));
        Assert.False(victim.Poll(TimeSpan.Zero, SelectMode.SelectRead));
        Assert.Empty(router.Actions);
    }

    [Fact]
    public async Task Without_a_router_nobody_is_asked()
    {
        await using PortMapper mapper = new(new PortMapperOptions
        {
            Binding = new NetworkBinding(),
            Time = TimeProvider.System,
            Ports = _ => new LocalPorts(6881, 6881),
            FindGateway = _ => null,
        });
        mapper.Start();
        await Patience.Until(() => mapper.Status.Trouble == "there is no router");
    }

    [Theory]
    [InlineData("127.0.0.61", "127.0.0.62", true, "PCP")]
    [InlineData("127.0.0.63", "127.0.0.64", false, "NAT-PMP")]
    public async Task Strangers_that_answer_before_the_router_are_not_believed(
        string address, string elsewhere, bool speaksPcp, string protocol)
    {
        // One is at another address with the port of routers, and one at the router's address with another port.
        using Socket stranger = Bound(elsewhere, GatewayPort.Port);
        using Socket neighbour = Bound(address, 0);
        await using FakeRouter router = new(address) { Forgers = [stranger, neighbour] };
        if (speaksPcp)
            router.SpeakPcp();
        else
            router.SpeakNatPmp();
        await AssertMapsAsync(router, protocol);
    }

    [Fact]
    public async Task A_new_router_is_asked_anew_and_the_old_one_is_asked_to_forget()
    {
        await using FakeRouter one = new("127.0.0.58");
        await using FakeRouter other = new("127.0.0.59");
        one.SpeakPcp();
        other.SpeakPcp();
        VirtualTime time = new();
        IPAddress router = one.Address;
        await using PortMapper mapper = new(new PortMapperOptions
        {
            Binding = new NetworkBinding(),
            Time = time,
            Ports = _ => new LocalPorts(6881, 6881),
            FindGateway = family =>
                family == AddressFamily.InterNetwork ? new Gateway(Volatile.Read(ref router), IPAddress.Parse("127.0.0.1")) : null,
        });
        mapper.Start();
        await time.PassUntil(() => one.Mappings.Count == 2);
        Volatile.Write(ref router, other.Address);
        await time.PassUntil(() => one.Mappings.IsEmpty && other.Mappings.Count == 2);
    }

    [Fact]
    public async Task The_UDP_port_is_mapped_by_its_own_number_as_soon_as_it_is_known_and_again_when_it_changes()
    {
        await using FakeRouter router = new("127.0.0.60");
        router.SpeakPcp();
        VirtualTime time = new();
        int udp = 0;
        await using PortMapper mapper = new(new PortMapperOptions
        {
            Binding = new NetworkBinding(),
            Time = time,
            Ports = _ => new LocalPorts(6881, Volatile.Read(ref udp)),
            FindGateway = family => family == AddressFamily.InterNetwork ? new Gateway(router.Address, IPAddress.Loopback) : null,
        });
        mapper.Start();
        Volatile.Write(ref udp, 7001);
        await time.PassUntil(() => router.Mappings.Count == 2);
        Assert.Equal([(6, 6881), (17, 7001)], router.Mappings.Keys.Order());
        Volatile.Write(ref udp, 7002);
        await time.PassUntil(() => router.Mappings.Count == 2 && router.Mappings.ContainsKey((17, 7002)));
        Assert.Equal([(6, 6881), (17, 7002)], router.Mappings.Keys.Order());
    }

    /// <summary>A name that <see cref="Uri"/> accepts, and that IDN refuses, since it is too long in ASCII.</summary>
    [Fact]
    public async Task A_location_whose_host_cannot_be_a_name_ends_nothing()
    {
        await using FakeRouter router = new("127.0.0.75") { Location = $"http://{new string('\u00e4', 59)}/rootDesc.xml" };
        router.SpeakUpnp();
        ConcurrentQueue<Exception> faults = new();
        await using PortMapper mapper = new(OptionsFor(
            family => family == AddressFamily.InterNetwork ? new Gateway(router.Address, IPAddress.Loopback) : null,
            TimeProvider.System,
            faults));
        mapper.Start();
        await Patience.Until(() => mapper.Status.Trouble is { } trouble && trouble.Contains("UPnP", StringComparison.Ordinal));
        Assert.Equal("the router 127.0.0.75 maps no ports (UPnP): it does not answer", mapper.Status.Trouble);
        Assert.Empty(router.Actions);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task A_system_that_does_not_say_where_the_router_is_is_asked_again()
    {
        await using FakeRouter router = new("127.0.0.76");
        router.SpeakPcp();
        ConcurrentQueue<Exception> faults = new();
        VirtualTime time = new();
        int asked = 0;
        PortMapper mapper = new(OptionsFor(Find, time, faults));
        await using (mapper)
        {
            mapper.Start();
            await time.PassUntil(() => router.Mappings.Count == 2);
            Assert.IsType<NetworkInformationException>(Assert.Single(faults));

            // Also once ports are mapped: they are removed, and mapped again.
            Volatile.Write(ref asked, 0);
            await time.PassUntil(() => faults.Count == 2);
            await time.PassUntil(() => router.Removals == 2 && router.Mappings.Count == 2);
        }

        Assert.Empty(router.Mappings);

        Gateway? Find(AddressFamily family)
        {
            if (family == AddressFamily.InterNetworkV6)
                return null;
            return Interlocked.Increment(ref asked) == 1
                ? throw new NetworkInformationException()
                : new Gateway(router.Address, IPAddress.Loopback);
        }
    }

    private static PortMapperOptions OptionsFor(
        Func<AddressFamily, Gateway?> find, TimeProvider time, ConcurrentQueue<Exception> faults) => new()
        {
            Binding = new NetworkBinding(),
            Time = time,
            Ports = _ => new LocalPorts(6881, 6881),
            OnFault = faults.Enqueue,
            FindGateway = find,
        };

    private static async Task AssertMapsAsync(FakeRouter router, string protocol)
    {
        PortMapper mapper = Start(router.Address.ToString());
        await using (mapper)
        {
            await Patience.Until(() => mapper.Status is { TcpPort: 6881, UdpPort: 6881, ExternalAddress: not null });
            Assert.Equal((protocol, FakeRouter.External), (mapper.Status.Protocol, mapper.Status.ExternalAddress));
            Assert.Null(mapper.Status.Trouble);
            Assert.Equal(Both, router.Mappings.ToDictionary());
        }

        Assert.Empty(router.Mappings);
    }

    private static Socket Bound(string address, int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        return socket;
    }

    private static PortMapper Start(string router)
    {
        PortMapper mapper = new(new PortMapperOptions
        {
            Binding = new NetworkBinding(),
            Time = TimeProvider.System,
            Ports = _ => new LocalPorts(6881, 6881),
            FindGateway = family =>
                family == AddressFamily.InterNetwork ? new Gateway(IPAddress.Parse(router), IPAddress.Loopback) : null,
        });
        mapper.Start();
        return mapper;
    }
}
