using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>The rate limits of one connection, below those of its torrent or of the local network.</summary>
internal sealed class PeerRates : IDisposable
{
    private readonly bool _isLocal;
    private readonly bool _isTcp;

    public PeerRates(TorrentRates torrent, IPAddress address, PeerTransport transport, TimeProvider time)
    {
        _isLocal = !MixedModes.Concerns(address);
        _isTcp = transport == PeerTransport.Tcp;
        Download = new RateLimit(time: time) { Scope = LimitScope.Peer };
        Upload = new RateLimit(time: time) { Scope = LimitScope.Peer };
        Apply(torrent);
    }

    public RateLimit Download { get; }

    public RateLimit Upload { get; }

    /// <summary>Applies changed limits of the torrent or the session.</summary>
    public void Apply(TorrentRates torrent)
    {
        SessionRates session = torrent.Session;
        bool isExempt = _isLocal && session.HasLocal;
        bool leavesRoom = _isTcp && !_isLocal;
        Download.Parent = isExempt ? session.LocalDownload : leavesRoom ? torrent.TcpDownload : torrent.Download;
        Upload.Parent = isExempt ? session.LocalUpload : leavesRoom ? torrent.TcpUpload : torrent.Upload;
        Download.SetRate(torrent.OfPeers.Download);
        Upload.SetRate(torrent.OfPeers.Upload);
    }

    public void Dispose()
    {
        Download.Dispose();
        Upload.Dispose();
    }
}
