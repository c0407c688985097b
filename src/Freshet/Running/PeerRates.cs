using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>The rate limits of one connection, below those of its torrent or of the local network.</summary>
internal sealed class PeerRates : IDisposable
{
    private readonly bool _isLocal;

    public PeerRates(TorrentRates torrent, IPAddress address, bool isTcp, TimeProvider time)
    {
        _isLocal = IsLocal(address);
        Download = new RateLimit(time: time) { Scope = LimitScope.Peer, IsTcp = isTcp };
        Upload = new RateLimit(time: time) { Scope = LimitScope.Peer, IsTcp = isTcp };
        Apply(torrent);
    }

    public RateLimit Download { get; }

    public RateLimit Upload { get; }

    /// <summary>Whether a peer is on the local network.</summary>
    public static bool IsLocal(IPAddress address) => AddressScopes.Of(address) is not (AddressScope.Public or AddressScope.Unusable);

    /// <summary>Applies changed limits of the torrent or the session.</summary>
    public void Apply(TorrentRates torrent)
    {
        SessionRates session = torrent.Session;
        bool isExempt = _isLocal && session.HasLocal;
        Download.Parent = isExempt ? session.LocalDownload : torrent.Download;
        Upload.Parent = isExempt ? session.LocalUpload : torrent.Upload;
        Download.SetRate(torrent.OfPeers.Download);
        Upload.SetRate(torrent.OfPeers.Upload);
    }

    public void Dispose()
    {
        Download.Dispose();
        Upload.Dispose();
    }
}
