using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>A torrent that was read, and how it is to run.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Metainfo">What it holds; null for a magnet link.</param>
/// <param name="Options">How it runs; of a magnet link, until its metadata is known.</param>
internal sealed record PlannedTransfer(TorrentSource Source, TorrentMetainfo? Metainfo, TorrentOptions Options)
{
    /// <summary>Which files of a magnet link are wanted, once it is known which there are; null for those that the link selects.</summary>
    public Func<TorrentMetainfo, ImmutableArray<FilePriority>>? Choose { get; init; }
}
