using Freshet.Connections;

namespace Freshet.Running;

/// <summary>A torrent's own limits, below the session's.</summary>
internal sealed class TorrentRates : IDisposable
{
    public TorrentRates(SessionServices services, TorrentOptions options)
    {
        Download = new RateLimit(options.MaxDownloadRate, services.Download, services.Time);
        Upload = new RateLimit(options.MaxUploadRate, services.Upload, services.Time);
    }

    public RateLimit Download { get; }

    public RateLimit Upload { get; }

    public void Apply(TorrentOptions options)
    {
        Download.SetRate(options.MaxDownloadRate);
        Upload.SetRate(options.MaxUploadRate);
    }

    public void Dispose()
    {
        Download.Dispose();
        Upload.Dispose();
    }
}
