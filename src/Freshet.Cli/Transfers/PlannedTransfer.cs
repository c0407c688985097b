using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>A parsed torrent with the options of its run.</summary>
/// <param name="Source">The torrent's source.</param>
/// <param name="Metainfo">Its content; null for a magnet link.</param>
/// <param name="Options">Its options; for a magnet link, until its metadata is known.</param>
internal sealed record PlannedTransfer(TorrentSource Source, TorrentMetainfo? Metainfo, TorrentOptions Options)
{
    /// <summary>Selects the files of a magnet link once they are known; null to use the link's own selection.</summary>
    public Func<TorrentMetainfo, ImmutableArray<FilePriority>>? Choose { get; init; }
}
