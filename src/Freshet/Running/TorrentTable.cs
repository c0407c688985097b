using System.Collections.Concurrent;
using Freshet.Core.Metainfo;

namespace Freshet.Running;

/// <summary>A session's torrents by info-hash, and how many more are on their way. Safe to use from any thread.</summary>
internal sealed class TorrentTable
{
    private readonly ConcurrentDictionary<InfoHash, Torrent> _torrents = new();

    private int _adding;

    /// <summary>Whether torrents are being added.</summary>
    public bool IsAdding => Volatile.Read(ref _adding) > 0;

    public int Count => _torrents.Count;

    public IReadOnlyCollection<Torrent> All => [.. _torrents.Values];

    public Torrent? Find(InfoHash infoHash) => _torrents.GetValueOrDefault(infoHash);

    /// <summary>A torrent is on its way, until <see cref="EndAdding"/>.</summary>
    public void BeginAdding() => Interlocked.Increment(ref _adding);

    public void EndAdding() => Interlocked.Decrement(ref _adding);

    public bool TryAdd(Torrent torrent) => _torrents.TryAdd(torrent.InfoHash, torrent);

    public bool TryRemove(Torrent torrent) => _torrents.TryRemove(new KeyValuePair<InfoHash, Torrent>(torrent.InfoHash, torrent));
}
