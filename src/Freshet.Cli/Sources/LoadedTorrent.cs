using Freshet.Core.Metainfo;

namespace Freshet.Cli.Sources;

/// <summary>A .torrent file, read.</summary>
internal sealed record LoadedTorrent(TorrentMetainfo Metainfo, ReadOnlyMemory<byte> Bytes);
