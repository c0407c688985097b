using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.PortMapping;
using Freshet.Core.Wire;
using Freshet.Running;

namespace Freshet.Tests.Sessions;

/// <summary>The port check of a session: it hears of every peer that connects to us.</summary>
public sealed class ReachabilityTests
{
    [Theory]
    [InlineData("192.168.1.7")]
    [InlineData("127.0.0.9")]
    [InlineData("[fd00::7]")]
    public async Task A_peer_on_the_local_network_that_connects_proves_nothing(string peer)
    {
        ReachabilityStatus status = await AfterAsync(peer);
        Assert.Null(status.IsReachable);
        Assert.Null(status.LastIncoming);
    }

    [Theory]
    [InlineData("203.0.114.7")]
    [InlineData("[2a01:db8::7]")]
    public async Task A_peer_on_the_internet_that_connects_shows_that_we_are_reachable(string peer)
    {
        ReachabilityStatus status = await AfterAsync(peer);
        Assert.True(status.IsReachable);
        Assert.NotNull(status.LastIncoming);
    }

    // What the session reports when the peer has connected, which its torrents report as well.
    private static async Task<ReachabilityStatus> AfterAsync(string peer)
    {
        using TemporaryFolder folder = new();
        SampleData sample = SampleData.Make(16 * 1024, null, 1_000);
        await using Session session = await Session.StartAsync(
            new SessionOptions { DownloadFolder = folder.Path, StateFolder = null, ListenPort = 0, BindAddress = IPAddress.Loopback },
            TestContext.Current.CancellationToken);
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(sample.Torrent), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Null(session.Status.Reachability.IsReachable);

        // It leaves at once: it names a torrent that is not here.
        RefusedTransport transport = new(IPEndPoint.Parse(peer + ":6881"));
        new IncomingPeers(torrent.Actor.Services, new TorrentTable()).OnConnected(
            transport, new Handshake(default, sample.Metainfo.SwarmHash, default));
        Assert.True(transport.IsAborted);
        ReachabilityStatus status = session.Status.Reachability;
        Assert.Equal(status.IsReachable, torrent.Reachability.IsReachable);
        await Patience.Until(() => torrent.Status.IsReachable == status.IsReachable);
        Assert.Same(torrent.Status, torrent.Status);
        return status;
    }

    private sealed class RefusedTransport(IPEndPoint remote) : ITransport
    {
        public bool IsAborted { get; private set; }

        public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 1);

        public IPEndPoint RemoteEndPoint => remote;

        public PeerWay Way => default;

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => ValueTask.FromResult(0);

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer) => ValueTask.FromResult(buffer.Length);

        public void AcknowledgeNow()
        {
        }

        public void Abort() => IsAborted = true;

        public void Reset() => IsAborted = true;

        public void Dispose()
        {
        }
    }
}
