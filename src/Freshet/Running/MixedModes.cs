using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>
/// Keeps a session's TCP connections from starving its uTP connections, in each direction: tells <see cref="MixedMode"/> every second what
/// both transfer, and limits TCP as it says. Peers on the local network, if they have their own limits, neither count nor are limited.
/// </summary>
/// <param name="rates">The session's limits.</param>
/// <param name="peers">Returns the connected peers of all torrents; none if the session does not use both transports.</param>
internal sealed class MixedModes(SessionRates rates, Func<IEnumerable<PeerStatus>> peers)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly MixedMode _download = new();
    private readonly MixedMode _upload = new();
    private Timestamp _next;

    /// <summary>Called often, by one thread at a time.</summary>
    public void Tick(Timestamp now)
    {
        if (now < _next)
            return;
        _next = now + Second;
        Sums download = default;
        Sums upload = default;
        foreach (PeerStatus peer in peers())
        {
            if (rates.HasLocal && PeerRates.IsLocal(peer.EndPoint.Address))
                continue;
            download.Add(peer, peer.DownloadRate, peer.OutstandingRequests);
            upload.Add(peer, peer.UploadRate, peer.QueuedUploads);
        }

        _download.OnSecond(download.Rates, download.Tcp, download.Utp);
        _upload.OnSecond(upload.Rates, upload.Tcp, upload.Utp);
        Set(rates.TcpDownload, _download.Limit);
        Set(rates.TcpUpload, _upload.Limit);
    }

    private static void Set(RateLimit limit, double? bytesPerSecond)
    {
        DataRate? rate = bytesPerSecond is { } bytes ? new DataRate((long)Math.Max(bytes, 1)) : null;
        if (limit.Rate != rate)
            limit.SetRate(rate);
    }

    /// <summary>Rates in one direction, and the connections that have something to transfer.</summary>
    private record struct Sums
    {
        public TransportRates Rates { get; private set; }

        public int Tcp { get; private set; }

        public int Utp { get; private set; }

        public void Add(PeerStatus peer, DataRate rate, int waiting)
        {
            bool isUtp = peer.Transport == PeerTransport.Utp;
            bool isActive = rate.BytesPerSecond > 0 || waiting > 0;
            Rates += isUtp ? new TransportRates(0, rate.BytesPerSecond) : new TransportRates(rate.BytesPerSecond, 0);
            Utp += isActive && isUtp ? 1 : 0;
            Tcp += isActive && !isUtp ? 1 : 0;
        }
    }
}
