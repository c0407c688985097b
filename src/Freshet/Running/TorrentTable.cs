using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Running;

/// <summary>
/// A session's torrents by info-hash and in their order, and how many more are on their way. Safe to use from any thread.
/// </summary>
internal sealed class TorrentTable
{
    // So far apart that another fits in between many times.
    private const long Step = 1L << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<InfoHash, Torrent> _torrents = [];
    private readonly HashSet<InfoHash> _reserved = [];
    private ImmutableArray<Torrent> _ordered = [];
    private long _lastPosition;
    private int _adding;

    /// <summary>Whether torrents are being added.</summary>
    public bool IsAdding => Volatile.Read(ref _adding) > 0;

    public int Count
    {
        get
        {
            lock (_lock)
                return _torrents.Count;
        }
    }

    /// <summary>All of them, in their order.</summary>
    public IReadOnlyList<Torrent> All
    {
        get
        {
            lock (_lock)
            {
                if (_ordered.IsDefault)
                    _ordered = [.. _torrents.Values.OrderBy(torrent => torrent.Actor.Record.Position).ThenBy(torrent => torrent.AddedAt)];
                return _ordered;
            }
        }
    }

    public Torrent? Find(InfoHash infoHash)
    {
        lock (_lock)
            return _torrents.GetValueOrDefault(infoHash);
    }

    /// <summary>A torrent is on its way, until <see cref="EndAdding"/>.</summary>
    public void BeginAdding() => Interlocked.Increment(ref _adding);

    public void EndAdding() => Interlocked.Decrement(ref _adding);

    /// <summary>Keeps a place for a torrent that is being opened; false if it is there, or somebody else is about to add it.</summary>
    public bool TryReserve(InfoHash infoHash)
    {
        lock (_lock)
            return !_torrents.ContainsKey(infoHash) && _reserved.Add(infoHash);
    }

    /// <summary>Gives the place up, or it is taken.</summary>
    public void EndReservation(InfoHash infoHash)
    {
        lock (_lock)
            _reserved.Remove(infoHash);
    }

    /// <summary>The place behind all others.</summary>
    public long TakePosition()
    {
        lock (_lock)
            return _lastPosition += Step;
    }

    public bool TryAdd(Torrent torrent)
    {
        lock (_lock)
        {
            _lastPosition = Math.Max(_lastPosition, torrent.Actor.Record.Position);
            _ordered = default;
            return _torrents.TryAdd(torrent.InfoHash, torrent);
        }
    }

    public bool TryRemove(Torrent torrent)
    {
        lock (_lock)
        {
            _ordered = default;
            return _torrents.GetValueOrDefault(torrent.InfoHash) == torrent && _torrents.Remove(torrent.InfoHash);
        }
    }
}
