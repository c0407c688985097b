using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Discovery;
using Freshet.Network;

namespace Freshet.Tests.Discovery;

/// <summary>Local discovery over multicast on the loopback interface, which never leaves the machine.</summary>
public class LocalDiscoveryTests
{
    [Fact]
    public async Task Two_sessions_with_the_same_torrent_find_each_other()
    {
        InfoHash torrent = NewHash();
        using Neighbour one = new("127.0.0.31", 1001);
        using Neighbour other = new("127.0.0.32", 1002);
        one.Local.Set([torrent], isAnnounced: true);
        other.Local.Set([torrent, NewHash()], isAnnounced: true);
        IPEndPoint first = new(IPAddress.Parse("127.0.0.31"), 1001);
        IPEndPoint second = new(IPAddress.Parse("127.0.0.32"), 1002);
        await Patience.Until(() => one.Found.Contains((torrent, second)) && other.Found.Contains((torrent, first)));
        Assert.DoesNotContain((torrent, first), one.Found);
        Assert.Equal((1, 1, 1L), (one.Local.Status.Networks, one.Local.Status.Torrents, one.Local.Status.AnnouncesSent));
    }

    /// <summary>On Windows each is reported as an error; a socket is given up after some in a row.</summary>
    [Fact]
    public void Datagrams_that_are_too_long_never_count_as_errors_of_the_socket()
    {
        int errors = 0;
        for (int i = 0; i < 1_000; i++)
            errors = LocalNetworks.ErrorsAfter(errors, SocketError.MessageSize);
        Assert.Equal(0, errors);
        Assert.Equal(2, LocalNetworks.ErrorsAfter(1, SocketError.NetworkDown));
    }

    [Fact]
    public void Without_a_torrent_there_is_no_socket()
    {
        InfoHash torrent = NewHash();
        using Neighbour one = new("127.0.0.33", 1003);
        Assert.Equal(0, one.Local.Status.Networks);
        one.Local.Set([torrent], isAnnounced: true);
        Assert.Equal(1, one.Local.Status.Networks);
        one.Local.Set([torrent], isAnnounced: false);
        Assert.Equal(0, one.Local.Status.Networks);
    }

    [Fact]
    public void Without_its_interface_there_is_no_socket()
    {
        bool isUp = true;
        NetworkBinding binding = new(BindTarget("lo"))
        {
            ReadInterfaces = () => [.. InterfaceTable.Read().Select(info => info with { IsUp = isUp })],
        };
        using Neighbour one = new(binding, 1004);
        one.Local.Set([NewHash()], isAnnounced: true);
        Assert.NotEqual(0, one.Local.Status.Networks);
        isUp = false;
        Assert.True(binding.Check());
        one.Local.OnAddressChanged();
        Assert.Equal(0, one.Local.Status.Networks);
        isUp = true;
        Assert.True(binding.Check());
        one.Local.OnAddressChanged();
        Assert.NotEqual(0, one.Local.Status.Networks);
    }

    [Fact]
    public async Task An_interface_that_disappears_does_not_end_reception_on_the_others()
    {
        IPAddress address = IPAddress.Parse("127.0.0.34");
        InterfaceInfo gone = new()
        {
            Name = "gone",
            Index = 999_999,
            IsUp = true,
            IsLoopback = true,
            CanMulticast = true,
            Addresses = [address],
        };
        InfoHash torrent = NewHash();
        using Neighbour one = new(new NetworkBinding(address) { ReadInterfaces = () => [gone, .. InterfaceTable.Read()] }, 1005);
        using Neighbour other = new("127.0.0.35", 1006);
        one.Local.Set([torrent], isAnnounced: true);
        other.Local.Set([torrent], isAnnounced: true);
        IPEndPoint expected = new(IPAddress.Parse("127.0.0.35"), 1006);
        await Patience.Until(() => one.Found.Contains((torrent, expected)));
        Assert.Equal(2, one.Local.Status.Networks);
    }

    private static Core.Peers.BindTarget BindTarget(string name) => Core.Peers.BindTarget.ToInterface(name);

    private static InfoHash NewHash() => new(RandomNumberGenerator.GetBytes(InfoHash.Length));

    private sealed class Neighbour : IDisposable
    {
        public Neighbour(string address, int port)
            : this(new NetworkBinding(IPAddress.Parse(address)), port)
        {
        }

        public Neighbour(NetworkBinding binding, int port) => Local = new LocalDiscovery(new LocalDiscoveryOptions
        {
            Binding = binding,
            Time = TimeProvider.System,
            Port = () => port,
            PeerFound = (torrent, peer) => Found.Enqueue((torrent, peer)),
        });

        public LocalDiscovery Local { get; }

        public ConcurrentQueue<(InfoHash, IPEndPoint)> Found { get; } = new();

        public void Dispose() => Local.Dispose();
    }
}
