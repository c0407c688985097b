using System.Collections.Concurrent;
using Freshet.Core.Metainfo;

namespace Freshet.Running;

/// <summary>A session's torrents by info-hash. Safe to use from any thread.</summary>
internal sealed class TorrentTable
{
    private readonly ConcurrentDictionary<InfoHash, Torrent> _torrents = new();

    public int Count => _torrents.Count;

    public IReadOnlyCollection<Torrent> All => [.. _torrents.Values];

    public Torrent? Find(InfoHash infoHash) => _torrents.GetValueOrDefault(infoHash);

    public bool TryAdd(Torrent torrent) => _torrents.TryAdd(torrent.InfoHash, torrent);

    public bool TryRemove(Torrent torrent) => _torrents.TryRemove(new KeyValuePair<InfoHash, Torrent>(torrent.InfoHash, torrent));
}
