using System.Net;
using Freshet.Cli.Sources;
using Freshet.Cli.Transfers;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Tracker;

namespace Freshet.Cli.Demo;

/// <summary>A tracker and seeds of a sample torrent on this machine, in a temporary folder that is deleted at the end.</summary>
internal sealed class DemoSwarm : IAsyncDisposable
{
    private static readonly TimeSpan AnnouncePatience = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("freshet-demo-");
    private readonly List<Session> _seeds = [];
    private TrackerServer? _tracker;
    private LoadedTorrent? _torrent;

    private DemoSwarm()
    {
    }

    public LoadedTorrent Torrent => _torrent!;

    /// <summary>The downloader's plan.</summary>
    public PlannedTransfer Plan => new(TorrentSource.Bytes(Torrent.Bytes), Torrent.Metainfo, new TorrentOptions());

    public Uri AnnounceUrl => _tracker!.AnnounceUrl;

    /// <summary>The downloader's output folder.</summary>
    public string DownloadFolder => Path.Combine(_folder.FullName, "download");

    /// <summary>The daemon's state folder.</summary>
    public string StateFolder => Path.Combine(_folder.FullName, "state");

    /// <summary>A folder for data that the downloader does not have.</summary>
    public string OtherFolder => Path.Combine(_folder.FullName, "others");

    private string DataFolder => Path.Combine(_folder.FullName, "seeds");

    /// <summary>The options of every session here: loopback only, any port, no state.</summary>
    public static SessionOptions LoopbackOptions(string folder) =>
        new() { DownloadFolder = folder, StateFolder = null, BindAddress = IPAddress.Loopback, ListenPort = 0 };

    public static async Task<DemoSwarm> StartAsync(ByteSize size, int seeds, DataRate? seedRate, CancellationToken cancellationToken)
    {
        DemoSwarm swarm = new();
        try
        {
            await swarm.MakeTorrentAsync(size.Bytes, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(
                Enumerable.Range(0, seeds).Select(_ => swarm.AddSeedAsync(seedRate, cancellationToken))).ConfigureAwait(false);
            Directory.CreateDirectory(swarm.DownloadFolder);
            return swarm;
        }
        catch
        {
            await swarm.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_seeds.Select(seed => seed.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_tracker is not null)
            await _tracker.DisposeAsync().ConfigureAwait(false);
        _folder.Delete(recursive: true);
    }

    private async Task MakeTorrentAsync(long size, CancellationToken cancellationToken)
    {
        _tracker = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] },
            loggers: null,
            cancellationToken).ConfigureAwait(false);
        string sample = Path.Combine(DataFolder, "sample");
        await Task.Run(() => SampleData.Write(sample, size, cancellationToken), cancellationToken).ConfigureAwait(false);
        TorrentCreation options = new() { Trackers = [[AnnounceUrl.ToString()]], Comment = "Made by freshet demo" };
        CreatedTorrent created = await TorrentCreator.CreateAsync(sample, options, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        byte[] bytes = created.Bytes.ToArray();
        if (!MetainfoReader.TryRead(bytes, out TorrentMetainfo? metainfo, out MetainfoError? error))
            throw new InvalidOperationException("The sample torrent cannot be read: " + error.Message);
        _torrent = new LoadedTorrent(metainfo, bytes);
    }

    private async Task AddSeedAsync(DataRate? rate, CancellationToken cancellationToken)
    {
        Session session = await Session.StartAsync(
            LoopbackOptions(DataFolder) with { MaxUploadRate = rate }, cancellationToken).ConfigureAwait(false);
        lock (_seeds)
            _seeds.Add(session);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(AnnouncePatience);
        IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(patience.Token);
        Torrent seed = await session.AddAsync(
            TorrentSource.Bytes(Torrent.Bytes), cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            await seed.Completion.WaitAsync(patience.Token).ConfigureAwait(false);

            // A peer that announces before the seed gets no peers, and asks again only minutes later.
            await foreach (SessionEvent happened in events.ConfigureAwait(false))
            {
                if (happened is SessionEvent.Announced)
                    return;
                if (happened is SessionEvent.AnnounceFailed failed)
                    throw new CliException($"A seed of the demo cannot announce to {failed.Tracker}: {failed.Reason}.");
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"A seed of the demo was not ready within {AnnouncePatience.TotalSeconds:0} seconds.", cause: e);
        }
    }
}
