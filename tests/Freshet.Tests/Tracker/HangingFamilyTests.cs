using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Network;
using Freshet.Tracker;

namespace Freshet.Tests.Tracker;

/// <summary>A tracker has addresses of both families, but answers only over one, as when a router drops the other's packets.</summary>
public sealed class HangingFamilyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_has_the_answer_of_one_family_does_not_wait_for_the_other()
    {
        Requires.IPv6Loopback();
        TrackerOptions options = new() { HttpEndPoints = [], UdpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] };
        await using TrackerServer server = await TrackerServer.StartAsync(options, cancellationToken: Cancellation);
        int port = server.UdpEndPoints[0].Port;
        using Socket silent = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        silent.DualMode = false;
        silent.Bind(new IPEndPoint(IPAddress.IPv6Loopback, port));
        NetworkBinding binding = new() { Names = new NameResolver(_ => [IPAddress.IPv6Loopback, IPAddress.Loopback]) };
        using TrackerClient client = new(binding, TrackerSource.Torrent);
        long began = Stopwatch.GetTimestamp();
        InfoHash swarm = new(new byte[20]);
        TrackerAnnounce announce = new() { Tracker = $"udp://both.test:{port}", InfoHash = swarm, Port = 1, Left = 1 };
        TrackerAnnounceResult result = await client.AnnounceAsync(announce, Cancellation);
        Assert.Null(result.Error);
        Assert.Equal(1, server.Statistics.Peers);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(40));
    }
}
