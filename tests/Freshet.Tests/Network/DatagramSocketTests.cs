using System.Net;
using System.Net.Sockets;
using Freshet.Network;

namespace Freshet.Tests.Network;

public class DatagramSocketTests
{
    private const int NotPermitted = 1;
    private const int NoSuchCall = 38;

    private static readonly UdpMuxOptions Options = new() { Binding = new NetworkBinding(IPAddress.Loopback) };

    [Fact]
    public void Many_datagrams_per_call_are_requested_where_the_system_supports_it()
    {
        Requires.That(Sandbox.IsPossible, "These system calls exist only on Linux.");
        using DatagramSocket socket = DatagramSocket.Open(Options, AddressFamily.InterNetwork, 0);
        Assert.IsType<BatchDatagramSocket>(socket);
        using DatagramSocket plain = DatagramSocket.Open(Options with { Batches = false }, AddressFamily.InterNetwork, 0);
        Assert.IsType<PlainDatagramSocket>(plain);
    }

    [Theory]
    [InlineData(0, NoSuchCall)]
    [InlineData(0, NotPermitted)]
    [InlineData(1, NoSuchCall)]
    [InlineData(1, NotPermitted)]
    public void Where_a_sandbox_forbids_one_of_the_calls_each_datagram_has_its_own_call(int call, int error)
    {
        Requires.That(Sandbox.IsPossible, "These system calls exist only on Linux.");
        using DatagramSocket socket = Sandbox.Run(
            [Sandbox.BatchCalls[call]], error, () => DatagramSocket.Open(Options, AddressFamily.InterNetwork, 0));
        Assert.IsType<PlainDatagramSocket>(socket);
    }
}
