using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Daemon;

namespace Freshet.Cli.Demo;

/// <summary>
/// A daemon with its page for a demo swarm, with torrents in various states, among them the swarm's own, which downloads.
/// </summary>
internal static class DemoPage
{
    private const string NobodyListens = "http://127.0.0.1:1/announce";

    // The swarm's own, the one whose tracker is down, and the one that waits for metadata; the last has to wait for its turn.
    private const int Downloads = 3;
    private static readonly ByteSize SmallSize = ByteSize.FromMiB(12);

    public static async Task<DaemonServer> StartAsync(DemoSwarm swarm, CancellationToken cancellationToken)
    {
        DaemonServer daemon = await DaemonServer.StartAsync(
            new DaemonOptions
            {
                Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
                Session = DemoSwarm.LoopbackOptions(swarm.DownloadFolder) with
                {
                    StateFolder = swarm.StateFolder,
                    Queue = new QueueOptions { MaxActiveDownloads = Downloads },
                },
            },
            cancellationToken).ConfigureAwait(false);
        try
        {
            await FillAsync(daemon.Session, swarm, cancellationToken).ConfigureAwait(false);
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task FillAsync(Session session, DemoSwarm swarm, CancellationToken cancellationToken)
    {
        string announce = swarm.AnnounceUrl.ToString();
        await session.AddAsync(TorrentSource.Bytes(swarm.Torrent.Bytes), cancellationToken: cancellationToken).ConfigureAwait(false);
        await AddAsync(swarm.DownloadFolder, "complete-and-seeding", announce, isStopped: false).ConfigureAwait(false);
        await AddAsync(swarm.OtherFolder, "stopped", announce, isStopped: true).ConfigureAwait(false);
        await AddAsync(swarm.OtherFolder, "tracker-is-down", NobodyListens, isStopped: false).ConfigureAwait(false);
        await session.AddAsync(
            TorrentSource.Magnet($"magnet:?xt=urn:btih:{new string('d', InfoHash.Length * 2)}&dn=waiting-for-metadata"
                + $"&tr={Uri.EscapeDataString(announce)}"),
            cancellationToken: cancellationToken).ConfigureAwait(false);
        await AddAsync(swarm.OtherFolder, "next-in-the-queue", announce, isStopped: false).ConfigureAwait(false);

        // Data that is not created in the download folder is missing there.
        async Task AddAsync(string folder, string name, string tracker, bool isStopped)
        {
            string path = Path.Combine(folder, name);
            await Task.Run(() => SampleData.Write(path, SmallSize.Bytes, cancellationToken), cancellationToken).ConfigureAwait(false);
            CreatedTorrent created = await TorrentCreator.CreateAsync(
                path, new TorrentCreation { Trackers = [[tracker]] }, cancellationToken: cancellationToken).ConfigureAwait(false);
            await session.AddAsync(TorrentSource.Bytes(created.Bytes), new TorrentOptions { Stopped = isStopped }, cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
