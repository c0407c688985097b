using System.Net;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>Reads the torrents of a run. If one of several is invalid, nothing starts and the error says which.</summary>
internal sealed class TransferPlan(ITransferReporter reporter, IPAddress? bindAddress)
{
    /// <param name="references">The torrents as the user names them; one that is named twice runs once.</param>
    /// <param name="toOptions">How a torrent is to run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<PlannedTransfer>> LoadAsync(
        IEnumerable<TorrentReference> references, Func<TorrentMetainfo, TorrentOptions> toOptions, CancellationToken cancellationToken)
    {
        List<PlannedTransfer> planned = [];
        HashSet<InfoHash> known = [];
        foreach (TorrentReference reference in references)
        {
            LoadedTorrent torrent = await TorrentLoader.LoadAsync(reference, bindAddress, cancellationToken).ConfigureAwait(false);
            if (known.Add(torrent.Metainfo.SwarmHash))
                planned.Add(new PlannedTransfer(torrent, toOptions(torrent.Metainfo)));
            else
                reporter.Warning($"{reference} is the same torrent as one before it; it is used once", torrent.Metainfo.SwarmHash);
        }

        return planned;
    }
}
