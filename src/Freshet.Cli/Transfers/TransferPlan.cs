using System.Collections.Immutable;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>Reads the torrents of a run. If one of several is invalid, nothing starts and the error says which.</summary>
internal sealed class TransferPlan(ITransferReporter reporter, NetworkAccess access)
{
    /// <param name="references">The torrents as given by the user; one that is given twice runs once.</param>
    /// <param name="options">The options of each.</param>
    /// <param name="choose">Selects files; null for all, or those that a magnet link selects.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<PlannedTransfer>> LoadAsync(
        IEnumerable<TorrentReference> references,
        TorrentOptions options,
        Func<TorrentMetainfo, ImmutableArray<FilePriority>>? choose,
        CancellationToken cancellationToken)
    {
        List<PlannedTransfer> planned = [];
        HashSet<InfoHash> known = [];
        foreach (TorrentReference reference in references)
        {
            PlannedTransfer transfer;
            InfoHash infoHash;
            if (TorrentLoader.ReadLink(reference) is { } link)
            {
                // Until the files are known, no unwanted one may be created.
                TorrentOptions first = options with { StopAtMetadata = choose is not null };
                (transfer, infoHash) = (new(TorrentSource.Magnet(link), Metainfo: null, first) { Choose = choose }, link.SwarmHash);
            }
            else
            {
                LoadedTorrent torrent = await TorrentLoader.LoadAsync(reference, access, cancellationToken).ConfigureAwait(false);
                TorrentOptions chosen = options with { FilePriorities = choose?.Invoke(torrent.Metainfo) ?? [] };
                (transfer, infoHash) = (new(TorrentSource.Bytes(torrent.Bytes), torrent.Metainfo, chosen), torrent.Metainfo.SwarmHash);
            }

            if (known.Add(infoHash))
                planned.Add(transfer);
            else
                reporter.Warning($"{reference} is the same torrent as one before it; it is used once", infoHash);
        }

        return planned;
    }
}
