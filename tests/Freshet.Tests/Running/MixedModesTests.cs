using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Running;

namespace Freshet.Tests.Running;

public sealed class MixedModesTests : IDisposable
{
    private const string Public = "203.0.113.";
    private readonly SessionRates _rates = new(new SessionOptions { DownloadFolder = "/" }, TimeProvider.System);
    private IReadOnlyList<PeerStatus> _peers = [];
    private Timestamp _now = new(TimeSpan.TicksPerDay);

    public void Dispose() => _rates.Dispose();

    [Fact]
    public void Tcp_that_fills_the_uplink_is_limited_until_utp_has_its_part()
    {
        MixedModes modes = New();
        double utp = Run(modes, seconds: 400, capacity: 10e6, Public, isUpload: true);
        Assert.NotNull(_rates.TcpUpload.Rate);
        Assert.InRange(_rates.TcpUpload.Rate.Value.BytesPerSecond, 4e6, 7e6);
        Assert.InRange(utp, 3e6, 6e6);
        Assert.Null(_rates.TcpDownload.Rate);

        // The uTP peer leaves.
        Tick(modes, [Peer(Public + 1, PeerTransport.Tcp, upload: 5e6)]);
        Assert.Null(_rates.TcpUpload.Rate);
    }

    [Fact]
    public void Each_direction_has_its_own_limit()
    {
        Run(New(), seconds: 400, capacity: 10e6, Public, isUpload: false);
        Assert.NotNull(_rates.TcpDownload.Rate);
        Assert.Null(_rates.TcpUpload.Rate);
    }

    [Fact]
    public void Peers_of_the_local_network_do_not_count_if_they_have_limits_of_their_own()
    {
        _rates.Apply(new SessionOptions { DownloadFolder = "/", LocalNetwork = new LocalNetworkOptions() });
        Run(New(), seconds: 400, capacity: 10e6, "192.168.0.", isUpload: true);
        Assert.Null(_rates.TcpUpload.Rate);
    }

    /// <summary>A line that TCP fills and uTP yields on; returns what uTP transfers in the end.</summary>
    private double Run(MixedModes modes, int seconds, double capacity, string network, bool isUpload)
    {
        double utp = 0;
        for (int i = 0; i < seconds; i++)
        {
            double limit = (isUpload ? _rates.TcpUpload : _rates.TcpDownload).Rate?.BytesPerSecond ?? double.MaxValue;
            double tcp = Math.Min(limit, capacity * 0.98);
            utp = capacity - tcp;
            Tick(modes,
            [
                isUpload ? Peer(network + 1, PeerTransport.Tcp, upload: tcp) : Peer(network + 1, PeerTransport.Tcp, download: tcp),
                isUpload ? Peer(network + 2, PeerTransport.Utp, upload: utp) : Peer(network + 2, PeerTransport.Utp, download: utp),
            ]);
        }

        return utp;
    }

    private void Tick(MixedModes modes, IReadOnlyList<PeerStatus> peers)
    {
        // The heartbeat is more frequent.
        _peers = peers;
        for (int i = 0; i < 10; i++)
        {
            _now += TimeSpan.FromMilliseconds(100);
            modes.Tick(_now);
        }
    }

    private MixedModes New() => new(_rates, () => _peers);

    private static PeerStatus Peer(string address, PeerTransport transport, double upload = 0, double download = 0) => new()
    {
        EndPoint = new IPEndPoint(IPAddress.Parse(address), 6_881),
        Client = "",
        IsOutgoing = true,
        Transport = transport,
        Encryption = PeerEncryption.None,
        Connected = TimeSpan.FromMinutes(1),
        Progress = 0.5,
        IsInteresting = true,
        IsChoking = false,
        IsInterested = true,
        IsChoked = false,
        Downloaded = new ByteSize(0),
        Uploaded = new ByteSize(0),
        DownloadRate = new DataRate((long)download),
        UploadRate = new DataRate((long)upload),
    };
}
