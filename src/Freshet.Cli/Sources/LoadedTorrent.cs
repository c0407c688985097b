using Freshet.Core.Metainfo;

namespace Freshet.Cli.Sources;

/// <summary>A parsed .torrent file.</summary>
internal sealed record LoadedTorrent(TorrentMetainfo Metainfo, ReadOnlyMemory<byte> Bytes);
