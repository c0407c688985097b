using Freshet.Connections;
using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>The rate limits at the top of the tree: the session's, and the local network's if it has its own.</summary>
internal sealed class SessionRates : IDisposable
{
    private volatile bool _hasLocal;

    public SessionRates(SessionOptions options, TimeProvider time)
    {
        TcpDownload = new RateLimit(time: time);
        TcpUpload = new RateLimit(time: time);
        Download = new RateLimit(time: time) { OfTcp = TcpDownload };
        Upload = new RateLimit(time: time) { OfTcp = TcpUpload };
        LocalDownload = new RateLimit(time: time) { Scope = LimitScope.LocalNetwork };
        LocalUpload = new RateLimit(time: time) { Scope = LimitScope.LocalNetwork };
        Apply(options);
    }

    public RateLimit Download { get; }

    public RateLimit Upload { get; }

    /// <summary>What TCP connections may download together, so that they leave uTP its part (<see cref="MixedModes"/>).</summary>
    public RateLimit TcpDownload { get; }

    /// <summary>What TCP connections may upload together, as <see cref="TcpDownload"/>.</summary>
    public RateLimit TcpUpload { get; }

    public RateLimit LocalDownload { get; }

    public RateLimit LocalUpload { get; }

    /// <summary>Whether peers on the local network have their own limits.</summary>
    public bool HasLocal => _hasLocal;

    public void Apply(SessionOptions options)
    {
        _hasLocal = options.LocalNetwork is not null;
        LocalDownload.SetRate(options.LocalNetwork?.MaxDownloadRate);
        LocalUpload.SetRate(options.LocalNetwork?.MaxUploadRate);
        Apply(options.MaxDownloadRate, options.MaxUploadRate);
    }

    /// <summary>Changes the session's own limits.</summary>
    public void Apply(DataRate? download, DataRate? upload)
    {
        Download.SetRate(download);
        Upload.SetRate(upload);
    }

    public void Dispose()
    {
        Download.Dispose();
        Upload.Dispose();
        TcpDownload.Dispose();
        TcpUpload.Dispose();
        LocalDownload.Dispose();
        LocalUpload.Dispose();
    }
}
