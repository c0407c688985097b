using System.Net;
using Freshet.Cli.Output;
using Freshet.Cli.Transfers;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Sources;

/// <summary>Fetches only the metadata of a magnet link from the torrent's peers. Keeps no state.</summary>
/// <param name="options">The options of the session that looks for peers.</param>
/// <param name="isPortFixed">Whether no other port may be used.</param>
/// <param name="peers">Peers to connect to, in addition to those that are found.</param>
internal sealed class SwarmFetcher(SessionOptions options, bool isPortFixed, IReadOnlyList<IPEndPoint> peers)
{
    /// <exception cref="CliException">No peer has sent the metadata in time.</exception>
    public async Task<LoadedTorrent> FetchAsync(MagnetLink link, TimeSpan patience, CancellationToken cancellationToken)
    {
        SessionOptions alone = options with { StateFolder = null, DownloadFolder = Path.GetTempPath() };
        (Session session, _) = await SessionStart.RunAsync(alone, isPortFixed, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            TorrentOptions wanted = new() { Peers = [.. peers], StopAtMetadata = true };
            Torrent torrent = await session.AddAsync(TorrentSource.Magnet(link), wanted, cancellationToken).ConfigureAwait(false);
            using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(patience);
            try
            {
                TorrentMetainfo metainfo = await torrent.WaitForMetadataAsync(timeout.Token).ConfigureAwait(false);
                return new LoadedTorrent(metainfo, await torrent.ExportAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new CliException(
                    $"No peer has given the torrent's metadata within {Words.Of(patience)}. {torrent.Status.Why}",
                    "Name a peer with --peer, or allow more time with --timeout.");
            }
        }
    }
}
