using System.Collections.Immutable;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>Reads the torrents of a run. If one of several is invalid, nothing starts and the error says which.</summary>
internal sealed class TransferPlan(ITransferReporter reporter, NetworkAccess access)
{
    /// <param name="references">The torrents as the user names them; one that is named twice runs once.</param>
    /// <param name="options">How each is to run.</param>
    /// <param name="choose">Which of its files are wanted; null for all, or those that a magnet link selects.</param>
    /// <param name="cancellationToken">Gives up.</param>
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
                // Before the files are known none may be made that are not wanted.
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
