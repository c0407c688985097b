using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Trackers;
using Freshet.Tracker;
using Freshet.Tracker.Swarms;
using Freshet.Tracker.Udp;

namespace Freshet.Tests.Tracker.Udp;

public class UdpListenerTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task On_all_addresses_each_answer_comes_from_the_address_that_was_asked(string address)
    {
        Requires.That(OperatingSystem.IsLinux(), "These system calls exist only on Linux.");
        using UdpListener listener = Listen(address);
        for (int i = 2; i < 6; i++)
            await AssertAnswersAsync(listener, IPAddress.Loopback, IPAddress.Parse($"127.0.0.{i}"));
        if (address == "::" && Socket.OSSupportsIPv6)
            await AssertAnswersAsync(listener, IPAddress.IPv6Loopback, IPAddress.IPv6Loopback);
    }

    [Fact]
    public async Task On_one_address_it_answers_from_there()
    {
        using UdpListener listener = Listen("127.0.0.7");
        await AssertAnswersAsync(listener, IPAddress.Loopback, IPAddress.Parse("127.0.0.7"));
    }

    private static UdpListener Listen(string address)
    {
        SharedSwarms swarms = new(new SwarmStore(new TrackerOptions(), new Random(1)));
        UdpApplication application = new(swarms, new ConnectionIds(new SipHash(1, 2)), new TrackerOptions());
        UdpListener listener = new(new IPEndPoint(IPAddress.Parse(address), 0), application);
        listener.Start();
        return listener;
    }

    // A connected socket receives only what comes from there.
    private static async Task AssertAnswersAsync(UdpListener listener, IPAddress client, IPAddress asked)
    {
        using Socket socket = new(client.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(client, 0));
        socket.Connect(asked, listener.EndPoint.Port);
        byte[] connect = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(connect, UdpTrackerRequest.ProtocolId);
        BinaryPrimitives.WriteInt32BigEndian(connect.AsSpan(12), 0x0A0B0C0D);
        socket.Send(connect);
        byte[] answer = new byte[100];
        Assert.Equal(16, await socket.ReceiveAsync(answer.AsMemory()).AsTask().Bounded());
        Assert.Equal("000000000A0B0C0D", Convert.ToHexString(answer, 0, 8));
    }
}
