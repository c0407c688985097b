using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Freshet.Core.Names;
using Freshet.Network;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Network;

/// <summary>Names are looked up over sockets of the binding, at name servers that answer and at some that do not.</summary>
public sealed class BoundNamesTests : IDisposable
{
    private static readonly IPAddress Own = IPAddress.Parse("127.0.0.7");

    private readonly NetworkBinding _binding = new(Own);
    private readonly List<FakeServer> _servers = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _servers.ForEach(static server => server.Dispose());

    [Fact]
    public void A_name_server_is_asked_from_the_bound_address_and_only_for_its_family()
    {
        FakeServer server = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7], [192, 0, 2, 8]));
        Assert.Equal([IPAddress.Parse("192.0.2.7"), IPAddress.Parse("192.0.2.8")], Names().LookUp("tracker.example"));
        Assert.Equal([(Own, "tracker.example")], server.Asked);
    }

    [Fact]
    public void A_name_in_other_scripts_is_asked_for_in_the_form_that_servers_know()
    {
        FakeServer server = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        Names().LookUp("bücher.example");
        Assert.Equal([(Own, "xn--bcher-kva.example")], server.Asked);
    }

    [Fact]
    public void A_name_that_does_not_exist_is_not_asked_for_elsewhere()
    {
        Serve(static query => Answer(query, 0x8183));
        FakeServer second = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        SocketException e = Assert.Throws<SocketException>(() => Names().LookUp("nobody.example"));
        Assert.Equal(SocketError.HostNotFound, e.SocketErrorCode);
        Assert.Empty(second.Asked);
    }

    [Fact]
    public void A_host_without_an_address_is_reported_as_such()
    {
        Serve(static query => Answer(query, 0x8180));
        Assert.Equal(SocketError.NoData, Assert.Throws<SocketException>(() => Names().LookUp("none.example")).SocketErrorCode);
    }

    [Fact]
    public void If_one_server_fails_the_next_is_asked()
    {
        FakeServer first = Serve(static query => Answer(query, 0x8182));
        FakeServer second = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        Assert.Equal([IPAddress.Parse("192.0.2.7")], Names().LookUp("tracker.example"));
        Assert.Single(first.Asked);
        Assert.Single(second.Asked);
    }

    /// <summary>The clock stands still unless the test moves it, so that a slow machine is not mistaken for a silent server.</summary>
    [Fact]
    public async Task If_one_server_is_silent_the_next_is_asked_and_is_the_first_from_then_on()
    {
        using SilentServer silent = new();
        FakeServer other = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        VirtualTime time = new();
        BoundNames names = new(_binding) { Servers = () => [silent.EndPoint, other.EndPoint], Time = time };
        Task<IPAddress[]> first = Task.Factory.StartNew(
            () => names.LookUp("tracker.example"), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Patience.Until(() => silent.IsAsked);
        time.Advance(names.Patience - TimeSpan.FromMilliseconds(1));
        Assert.Empty(other.Asked);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([IPAddress.Parse("192.0.2.7")], await first.Bounded());
        Assert.Equal(1, silent.Count());
        for (int i = 0; i < 5; i++)
            Assert.Equal([IPAddress.Parse("192.0.2.7")], names.LookUp($"tracker{i}.example"));
        Assert.Equal((0, 6), (silent.Count(), other.Asked.Count));
    }

    [Fact]
    public void If_none_answers_the_error_says_who_was_asked()
    {
        using SilentServer silent = new();
        BoundNames names = new(_binding) { Servers = () => [silent.EndPoint], Patience = TimeSpan.FromMilliseconds(100) };
        SocketException e = Assert.Throws<SocketException>(() => names.LookUp("tracker.example"));
        Assert.Equal(SocketError.TryAgain, e.SocketErrorCode);
        Assert.Contains($"from 127.0.0.7: {silent.EndPoint}", e.Message);
        Assert.Equal(2, silent.Count());
    }

    /// <summary>Docker's 127.0.0.11, dnsmasq or stubby on this machine: the user says that it may be asked.</summary>
    [Fact]
    public void A_server_of_this_machine_that_the_user_names_is_asked_whatever_the_binding_is()
    {
        FakeServer server = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        NetworkBinding elsewhere = Elsewhere(server.EndPoint);
        BoundNames names = new(elsewhere) { Servers = static () => [], Time = new VirtualTime() };
        Assert.Equal([IPAddress.Parse("192.0.2.7")], names.LookUp("tracker.example"));
        Assert.Equal([(IPAddress.Loopback, "tracker.example")], server.Asked);
    }

    [Fact]
    public async Task Name_servers_that_the_user_names_are_also_asked_without_a_binding()
    {
        FakeServer server = Serve(static query => Answer(query, 0x8180, query[^3] == 1 ? [[192, 0, 2, 7]] : []));
        NetworkBinding binding = new() { NameServers = [server.EndPoint] };
        Assert.Equal([IPAddress.Parse("192.0.2.7")], (await binding.ResolveAsync("tracker.example", Token).Bounded()).Addresses);
        Assert.NotEmpty(server.Asked);
    }

    /// <summary>Search domains, mDNS and the names of containers belong to the system; a public server must not see them.</summary>
    [Theory]
    [InlineData("nas")]
    [InlineData("printer.local")]
    [InlineData("nas.home.arpa")]
    [InlineData("tracker.lan.")]
    [InlineData("tracker.test")]
    [InlineData("tracker.alt")]
    [InlineData("abcdef.onion")]
    public void Names_that_are_not_on_the_internet_are_not_sent_to_name_servers(string host)
    {
        FakeServer server = Serve(static query => Answer(query, 0x8180, [6, 6, 6, 6]));
        BoundNames unbound = new(new NetworkBinding { NameServers = [server.EndPoint] })
        {
            OfSystem = name => name == host ? [IPAddress.Parse("192.168.0.7")] : [],
            Time = new VirtualTime(),
        };
        Assert.Equal([IPAddress.Parse("192.168.0.7")], unbound.LookUp(host));

        // With a binding the system's resolver is not asked either.
        SocketException e = Assert.Throws<SocketException>(() => Names().LookUp(host));
        Assert.Equal(SocketError.HostNotFound, e.SocketErrorCode);
        Assert.Contains("not a name of the internet", e.Message);
        NetworkBinding ofPublic = new(Own)
        {
            NameServers = [new IPEndPoint(IPAddress.Parse("9.9.9.9"), 53)],
            NewSocket = static (_, _) => throw new InvalidOperationException("A public server is asked."),
        };
        Assert.Contains("--name-server", Assert.Throws<SocketException>(() => new BoundNames(ofPublic).LookUp(host)).Message);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public void A_name_server_of_the_local_network_that_the_user_names_is_asked_for_its_names()
    {
        FakeServer server = Serve(static query => Answer(query, 0x8180, [192, 168, 0, 7]));
        BoundNames names = new(new NetworkBinding(Own) { NameServers = [server.EndPoint] }) { Time = new VirtualTime() };
        Assert.Equal([IPAddress.Parse("192.168.0.7")], names.LookUp("nas.home.arpa"));
        Assert.Equal([(Own, "nas.home.arpa")], server.Asked);
    }

    [Fact]
    public void The_first_three_of_many_servers_that_can_be_reached_are_asked()
    {
        FakeServer server = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        IPEndPoint[] of6 = [.. Enumerable.Range(1, 5).Select(static i => new IPEndPoint(IPAddress.Parse($"fd00::{i}"), 53))];
        BoundNames later = new(_binding) { Servers = () => [.. of6, server.EndPoint], Time = new VirtualTime() };
        Assert.Equal([IPAddress.Parse("192.0.2.7")], later.LookUp("tracker.example"));
        FakeServer fourth = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        FakeServer[] failing = [.. Enumerable.Range(0, 3).Select(_ => Serve(static query => Answer(query, 0x8182)))];
        BoundNames names = new(_binding)
        {
            Servers = () => [.. failing.Select(static one => one.EndPoint), fourth.EndPoint],
            Time = new VirtualTime(),
        };
        Assert.Throws<SocketException>(() => names.LookUp("tracker.example"));
        Assert.Empty(fourth.Asked);
    }

    [Fact]
    public void Texts_of_a_host_are_asked_for_once_and_never_for_hosts_that_this_machine_knows()
    {
        FakeServer server = Serve(static query => Text(query, "v=spf1 -all", "BITTORRENT UDP:1337 TCP:80"));
        BoundNames names = Names();
        Assert.Equal(["v=spf1 -all", "BITTORRENT UDP:1337 TCP:80"], names.FindTexts("tracker.example"));
        Assert.Empty(names.FindTexts("localhost"));
        Assert.Equal([(Own, "tracker.example")], server.Asked);
    }

    [Theory]
    [InlineData(0x8180, true)]
    [InlineData(0x8183, true)]
    [InlineData(0x8182, false)]
    public void A_host_without_texts_says_nothing_and_a_server_that_fails_does_not_say(int flags, bool says)
    {
        FakeServer server = Serve(query => Text(query, flags));
        if (says)
            Assert.Empty(Names().FindTexts("tracker.example"));
        else
            Assert.Throws<SocketException>(() => Names().FindTexts("tracker.example"));
        Assert.Single(server.Asked);
    }

    /// <summary>Somebody who guesses the port has to guess the number and the name as well.</summary>
    [Fact]
    public void Answers_that_nobody_asked_for_are_ignored()
    {
        Serve(static query =>
        {
            byte[] forged = Answer(query, 0x8180, [6, 6, 6, 6])!;
            forged[0] ^= 1;
            return forged;
        },
        static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        Assert.Equal([IPAddress.Parse("192.0.2.7")], Names().LookUp("tracker.example"));
    }

    [Fact]
    public void An_answer_that_is_too_long_for_a_datagram_comes_over_TCP()
    {
        FakeServer server = Serve(static query => Answer(query, 0x8380));
        server.OverTcp = static query => Answer(query, 0x8180, [192, 0, 2, 7]);
        Assert.Equal([IPAddress.Parse("192.0.2.7")], Names().LookUp("tracker.example"));
        Assert.Equal([(Own, "tracker.example"), (Own, "tracker.example")], server.Asked);
    }

    [Fact]
    public void Names_that_this_machine_knows_by_itself_are_not_asked_for()
    {
        FakeServer server = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        Assert.Contains(IPAddress.Loopback, Names().LookUp("localhost"));
        Assert.Contains(IPAddress.Loopback, Names().LookUp("any.localhost"));
        Assert.Empty(server.Asked);
    }

    /// <summary>
    /// A server on this machine would ask others over any interface, so it is not asked for a binding that reaches others.
    /// </summary>
    [Fact]
    public void A_server_of_this_machine_is_not_asked_for_an_interface_that_leads_elsewhere()
    {
        FakeServer server = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        SocketException e = Assert.Throws<SocketException>(
            () => new BoundNames(Elsewhere()) { Servers = () => [server.EndPoint] }.LookUp("tracker.example"));
        Assert.Contains("no name server that tun0 may reach is configured", e.Message);
        Assert.Contains("--name-server", e.Message);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task A_binding_has_its_own_resolver_and_without_one_the_system_is_asked()
    {
        FakeServer server = Serve(static query => Answer(query, 0x8180, [192, 0, 2, 7]));
        NetworkBinding bound = new(Own) { NameServers = [server.EndPoint] };
        Assert.Equal([IPAddress.Parse("192.0.2.7")], (await bound.ResolveAsync("tracker.example", Token).Bounded()).Addresses);
        Assert.Equal([(Own, "tracker.example")], server.Asked);
        Assert.NotSame(_binding.Names, new NetworkBinding().Names);
        Assert.Same(_binding.Names, _binding.Names);
    }

    [Fact]
    public void The_system_s_name_servers_are_read_as_the_system_does()
    {
        string[] lines = ["# of a VPN", "search test", "nameserver 10.8.0.1", " nameserver\tfd00::1 ", "nameserver x",
            "nameserver 10.8.0.1", "nameserver 10.8.0.3", "nameserver 10.8.0.4", "options timeout:1"];
        Assert.Equal(["10.8.0.1", "fd00::1", "10.8.0.3", "10.8.0.4"], NameServers.Parse(lines).Select(static server => server.ToString()));
    }

    private static NetworkBinding Elsewhere(params ImmutableArray<IPEndPoint> nameServers) =>
        new(Freshet.Core.Peers.BindTarget.ToInterface("tun0"))
        {
            ReadInterfaces = static () =>
                [new InterfaceInfo { Name = "tun0", Index = 7, IsUp = true, Addresses = [IPAddress.Parse("10.8.0.2")] }],
            BindsToDevice = false,
            NameServers = nameServers,
        };

    private static byte[] Text(byte[] query, params string[] texts) => Text(query, 0x8180, texts);

    private static byte[] Text(byte[] query, int flags, params string[] texts)
    {
        List<byte> answer = [.. query];
        (answer[2], answer[3], answer[7]) = ((byte)(flags >> 8), (byte)flags, (byte)texts.Length);
        foreach (byte[] text in texts.Select(Encoding.ASCII.GetBytes))
            answer.AddRange([0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, (byte)(text.Length + 1), (byte)text.Length, .. text]);
        return [.. answer];
    }

    private static byte[]? Answer(byte[] query, int flags, params byte[][] addresses)
    {
        List<byte> answer = [.. query];
        (answer[2], answer[3]) = ((byte)(flags >> 8), (byte)flags);
        answer[7] = (byte)addresses.Length;
        foreach (byte[] address in addresses)
            answer.AddRange([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. address]);
        return [.. answer];
    }

    // Only the machine can be slow here: with a clock that stands still, no server is given up.
    private BoundNames Names() => new(_binding)
    {
        Servers = () => _servers.Select(static server => server.EndPoint),
        Time = new VirtualTime(),
    };

    private FakeServer Serve(params Func<byte[], byte[]?>[] answers)
    {
        FakeServer server = new(answers);
        _servers.Add(server);
        return server;
    }

    /// <summary>
    /// Has a port that receives queries, and answers none. What has arrived is counted afterwards, however slow the machine was.
    /// </summary>
    private sealed class SilentServer : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

        public SilentServer() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

        public bool IsAsked => _socket.Available > 0;

        /// <summary>How many queries have arrived since the last count.</summary>
        public int Count()
        {
            int count = 0;
            for (byte[] buffer = new byte[DnsLimits.MaxDatagram]; _socket.Available > 0; count++)
                _socket.Receive(buffer);
            return count;
        }

        public void Dispose() => _socket.Dispose();
    }

    /// <summary>Answers each query with everything that the test gives it.</summary>
    private sealed class FakeServer : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Func<byte[], byte[]?>[] _answers;

        public FakeServer(Func<byte[], byte[]?>[] answers)
        {
            _answers = answers;
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
            _socket.Bind(_listener.LocalEndPoint!);

            // Not on the pool, whose threads may all be blocked by those that ask.
            new Thread(Serve) { IsBackground = true }.Start();
            new Thread(ServeStreams) { IsBackground = true }.Start();
        }

        public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

        public Func<byte[], byte[]?>? OverTcp { get; set; }

        public ConcurrentQueue<(IPAddress From, string Name)> Asked { get; } = new();

        public void Dispose()
        {
            _socket.Dispose();
            _listener.Dispose();
        }

        private void Serve()
        {
            byte[] buffer = new byte[DnsLimits.MaxDatagram];
            try
            {
                while (true)
                {
                    EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                    byte[] query = buffer[.._socket.ReceiveFrom(buffer, ref from)];
                    Note((IPEndPoint)from, query);
                    foreach (Func<byte[], byte[]?> answer in _answers)
                    {
                        if (answer(query) is { } bytes)
                            _socket.SendTo(bytes, from);
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private void ServeStreams()
        {
            try
            {
                while (true)
                {
                    using Socket client = _listener.Accept();
                    byte[] buffer = new byte[DnsLimits.MaxDatagram];
                    int received = 0;
                    while (received < 2 || received < 2 + buffer[1])
                        received += client.Receive(buffer.AsSpan(received));
                    byte[] query = buffer[2..received];
                    Note((IPEndPoint)client.RemoteEndPoint!, query);
                    byte[] answer = OverTcp!(query)!;

                    // In two parts, as it may arrive.
                    client.Send([0]);
                    client.Send([(byte)answer.Length, .. answer]);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private void Note(IPEndPoint from, byte[] query)
        {
            List<string> labels = [];
            for (int at = 12; query[at] != 0; at += 1 + query[at])
                labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
            Asked.Enqueue((from.Address, string.Join('.', labels)));
        }
    }
}
