using System.Net;
using Freshet.Connections;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>
/// A torrent's own rate limits, below the session's, and those of its connections below them. Belongs to the torrent's loop; the limits
/// themselves are used on any thread.
/// </summary>
internal sealed class TorrentRates : IDisposable
{
    private readonly Dictionary<PeerKey, PeerRates> _peers = [];
    private readonly TimeProvider _time;

    public TorrentRates(SessionServices services, TorrentOptions options)
    {
        Session = services.Rates;
        _time = services.Time;
        Download = new RateLimit(options.MaxDownloadRate, Session.Download, _time) { Scope = LimitScope.Torrent };
        Upload = new RateLimit(options.MaxUploadRate, Session.Upload, _time) { Scope = LimitScope.Torrent };
        OfPeers = (options.MaxPeerDownloadRate, options.MaxPeerUploadRate);
    }

    public SessionRates Session { get; }

    public RateLimit Download { get; }

    public RateLimit Upload { get; }

    /// <summary>The limits of each connection.</summary>
    public (DataRate? Download, DataRate? Upload) OfPeers { get; private set; }

    /// <summary>Creates the limits of a connection.</summary>
    public PeerRates Open(PeerKey key, IPAddress address, bool isTcp)
    {
        PeerRates rates = new(this, address, isTcp, _time);
        _peers.Add(key, rates);
        return rates;
    }

    /// <summary>Releases the limits of a connection that has ended or is ending.</summary>
    public void Close(PeerKey key)
    {
        if (_peers.Remove(key, out PeerRates? rates))
            rates.Dispose();
    }

    /// <summary>Applies the torrent's options, and those of the session that concern its connections.</summary>
    public void Apply(TorrentOptions options)
    {
        Download.SetRate(options.MaxDownloadRate);
        Upload.SetRate(options.MaxUploadRate);
        OfPeers = (options.MaxPeerDownloadRate, options.MaxPeerUploadRate);
        foreach (PeerRates rates in _peers.Values)
            rates.Apply(this);
    }

    public void Dispose()
    {
        foreach (PeerRates rates in _peers.Values)
            rates.Dispose();
        Download.Dispose();
        Upload.Dispose();
    }
}
