using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Discovery;
using Freshet.Network;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Network;

/// <summary>
/// The bound address disappears, as that of a VPN does, while another leads to the same peers: nothing may leave from the other, not even
/// in the second before the loss is noticed.
/// </summary>
public sealed class LostAddressTests : IDisposable
{
    private static readonly IPAddress Ours = IPAddress.Parse("10.77.0.2");
    private static readonly IPAddress Theirs = IPAddress.Parse("10.77.0.1");

    private readonly NamespaceThread _network = NamespaceThread.CreateOrSkip();
    private readonly NetworkBinding _binding;
    private readonly ConcurrentQueue<Socket> _opened = [];

    public LostAddressTests()
    {
        _binding = new NetworkBinding(Ours)
        {
            NewSocket = (family, type) =>
            {
                Socket socket = _network.NewSocket(family, type);
                if (type == SocketType.Stream)
                    _opened.Enqueue(socket);
                return socket;
            },
        };
        _network.AddAddress("10.77.0.1/32");
        _network.AddAddress("10.77.0.2/32");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public void Its_loss_is_noticed_also_where_programs_may_bind_to_addresses_that_are_not_there(string nonlocalBind)
    {
        _network.Configure("net/ipv4/ip_nonlocal_bind", nonlocalBind);
        Assert.False(_binding.Check());
        Assert.Null(_binding.Trouble);
        _network.RemoveAddress("10.77.0.2/32");
        Assert.True(_binding.Check());
        Assert.Equal("10.77.0.2 is not an address of this machine any more", _binding.Trouble);
        _network.AddAddress("10.77.0.2/32");
        Assert.True(_binding.Check());
        Assert.Null(_binding.Trouble);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Datagrams_leave_by_the_bound_address_or_not_at_all(bool batches)
    {
        using Socket far = _network.NewSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        far.Bind(new IPEndPoint(Theirs, 0));
        UdpAddress target = UdpAddress.From((IPEndPoint)far.LocalEndPoint!);
        await using UdpMux mux = new(new UdpMuxOptions { Binding = _binding, Batches = batches, OnFault = e => Assert.Fail(e.ToString()) });
        mux.Register(new FakeProtocol('a'));
        await Patience.Until(() => mux.EndPoints.Count == 1);
        await SendAsync(mux, "a1"u8.ToArray(), target);
        Assert.Equal(("a1", Ours), await ReceiveAsync(far));

        // It is not noticed yet: the system itself refuses.
        _network.RemoveAddress("10.77.0.2/32");
        await SendAsync(mux, "a2"u8.ToArray(), target);
        await Patience.Until(() => mux.Statistics.Failed == 1);

        Assert.True(_binding.Check());
        mux.OnAddressChanged();
        await Patience.Until(() => mux.EndPoints.Count == 0);
        await SendAsync(mux, "a3"u8.ToArray(), target);
        await Patience.Until(() => mux.Statistics.Dropped == 1);

        // While the address is away, every new socket is refused.
        Assert.Throws<SocketException>(() => _binding.Open(AddressFamily.InterNetwork, SocketType.Dgram));
        _network.AddAddress("10.77.0.2/32");
        Assert.True(_binding.Check());
        mux.OnAddressChanged();
        await Patience.Until(() => mux.EndPoints.Count == 1);
        await SendAsync(mux, "a4"u8.ToArray(), target);
        Assert.Equal(("a4", Ours), await ReceiveAsync(far));
    }

    [Fact]
    public async Task Peers_are_dialled_from_the_bound_address_or_not_at_all()
    {
        using Socket far = _network.NewSocket(AddressFamily.InterNetwork, SocketType.Stream);
        far.Bind(new IPEndPoint(Theirs, 0));
        far.Listen();
        IPEndPoint target = (IPEndPoint)far.LocalEndPoint!;
        PeerDialer dialer = new(new ConnectionBudget(9, 9), _binding);
        Task<DialResult> dial = dialer.DialAsync(target, FakeSession.Theirs, Token);
        using (Socket accepted = await far.AcceptAsync(Token).AsTask().Bounded())
            Assert.Equal(Ours, ((IPEndPoint)accepted.RemoteEndPoint!).Address);
        Assert.Null((await dial.Bounded()).Transport);

        // Neither before nor after the loss is noticed.
        _network.RemoveAddress("10.77.0.2/32");
        Assert.Equal(DisconnectReason.NetworkError, (await dialer.DialAsync(target, FakeSession.Theirs, Token).Bounded()).Reason);
        Assert.True(_binding.Check());
        Assert.Equal(DisconnectReason.NetworkError, (await dialer.DialAsync(target, FakeSession.Theirs, Token).Bounded()).Reason);

        // A host name, which is how trackers and URLs are reached, is no way around it.
        HostDialer hosts = new(_binding, TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<SocketException>(() => hosts.ConnectAsync("10.77.0.1", target.Port, Token).AsTask().Bounded());
        Assert.False(far.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead));
    }

    [Fact]
    public async Task A_request_that_awaits_its_answer_ends_with_the_address_and_so_does_its_connection()
    {
        using Socket far = Listen();
        using HttpRequester requester = new(Patient(_binding));
        HttpHop hop = HttpHop.ForUser(new Uri($"http://{far.LocalEndPoint}/announce?passkey=secret"));
        Task<TrackerOutcome<HttpReply>> request = requester.GetAsync(hop, Token);
        using Socket accepted = await far.AcceptAsync(Token).AsTask().Bounded();
        Assert.True(await accepted.ReceiveAsync(new byte[4096], Token).AsTask().Bounded() > 0);

        _network.RemoveAddress("10.77.0.2/32");
        Assert.True(_binding.Check());
        TrackerOutcome<HttpReply> outcome = await request.Bounded();
        Assert.Equal(TrackerFault.PutOff, outcome.Fault);
        Assert.Contains("10.77.0.2 is not an address of this machine any more", outcome.Failure, StringComparison.Ordinal);
        Assert.True(_opened.Last().SafeHandle.IsClosed);
    }

    [Fact]
    public async Task A_connection_that_is_kept_for_the_next_request_ends_with_the_address()
    {
        using Socket far = Listen();
        using HttpRequester requester = new(Patient(_binding));
        Task<TrackerOutcome<HttpReply>> request = requester.GetAsync(HttpHop.ForUser(new Uri($"http://{far.LocalEndPoint}/")), Token);
        using Socket accepted = await far.AcceptAsync(Token).AsTask().Bounded();
        await accepted.ReceiveAsync(new byte[4096], Token).AsTask().Bounded();
        await accepted.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), Token).AsTask().Bounded();
        Assert.True((await request.Bounded()).HasAnswer);
        Socket kept = Assert.Single(_opened);
        Assert.False(kept.SafeHandle.IsClosed);

        _network.RemoveAddress("10.77.0.2/32");
        Assert.True(_binding.Check());
        Assert.True(kept.SafeHandle.IsClosed);
    }

    [Fact]
    public async Task A_request_that_is_not_connected_yet_ends_with_the_address()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim answers = new();
        NetworkBinding binding = new(Ours)
        {
            NewSocket = _network.NewSocket,
            Names = new NameResolver(_ =>
            {
                asked.SetResult();
                answers.Wait(Token);
                return [Theirs];
            }),
        };
        using HttpRequester requester = new(Patient(binding));
        Task<TrackerOutcome<HttpReply>> request = requester.GetAsync(HttpHop.ForUser(new Uri("http://tracker.example/")), Token);
        await asked.Task.Bounded();
        _network.RemoveAddress("10.77.0.2/32");
        Assert.True(binding.Check());
        Assert.Equal(TrackerFault.PutOff, (await request.Bounded()).Fault);
        answers.Set();
    }

    private static HttpRequesterOptions Patient(NetworkBinding binding) =>
        new() { Binding = binding, ConnectTimeout = TimeSpan.FromHours(1), Timeout = TimeSpan.FromHours(1) };

    private Socket Listen()
    {
        Socket far = _network.NewSocket(AddressFamily.InterNetwork, SocketType.Stream);
        far.Bind(new IPEndPoint(Theirs, 0));
        far.Listen();
        return far;
    }

    private static async Task SendAsync(UdpMux mux, byte[] datagram, UdpAddress target)
    {
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        mux.Post(() => mux.Send(datagram, target));
        mux.Post(sent.SetResult);
        await sent.Task.Bounded();
    }

    private static async Task<(string Datagram, IPAddress From)> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[100];
        IPEndPoint any = new(IPAddress.Any, 0);
        SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, any, Token).AsTask().Bounded();
        return (System.Text.Encoding.ASCII.GetString(buffer, 0, received.ReceivedBytes), ((IPEndPoint)received.RemoteEndPoint).Address);
    }
}
