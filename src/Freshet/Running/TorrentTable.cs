using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Sessions;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Running;

/// <summary>
/// A session's torrents, in order and by their info-hashes, of which a hybrid torrent has two; and the number being added. No two torrents
/// share a hash. Thread-safe.
/// </summary>
internal sealed class TorrentTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<InfoHash, Torrent> _byHash = [];
    private readonly Dictionary<InfoHash, InfoHash> _byMseHash = [];
    private readonly Dictionary<Torrent, ImmutableArray<InfoHash>> _torrents = [];
    private readonly HashSet<InfoHash> _reserved = [];
    private readonly Dictionary<InfoHash, TaskCompletionSource> _leaving = [];
    private ImmutableArray<Torrent> _ordered = [];
    private long _lastPosition;
    private int _adding;

    /// <summary>Which torrents may write to their files.</summary>
    public WritePlaces Writers { get; } = new();

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

    /// <summary>All torrents, in order.</summary>
    public IReadOnlyList<Torrent> All
    {
        get
        {
            lock (_lock)
            {
                if (_ordered.IsDefault)
                    _ordered = [.. _torrents.Keys.OrderBy(torrent => torrent.Actor.Record.Position).ThenBy(torrent => torrent.AddedAt)];
                return _ordered;
            }
        }
    }

    /// <summary>Finds a torrent by one of its hashes.</summary>
    public Torrent? Find(InfoHash infoHash)
    {
        lock (_lock)
            return _byHash.GetValueOrDefault(infoHash);
    }

    /// <summary>The info-hash of the torrent that an encrypted handshake names by HASH('req2', SKEY).</summary>
    public InfoHash? FindWanted(InfoHash wanted)
    {
        lock (_lock)
            return _byMseHash.TryGetValue(wanted, out InfoHash infoHash) ? infoHash : null;
    }

    /// <summary>A torrent is being added, until <see cref="EndAdding"/>.</summary>
    public void BeginAdding() => Interlocked.Increment(ref _adding);

    public void EndAdding() => Interlocked.Decrement(ref _adding);

    /// <summary>Reserves the hashes of a torrent that is being opened; false if one of them is present already, or reserved.</summary>
    public bool TryReserve(ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
        {
            foreach (InfoHash hash in hashes)
            {
                if (_byHash.ContainsKey(hash) || _reserved.Contains(hash))
                    return false;
            }

            _reserved.UnionWith(hashes);
            return true;
        }
    }

    /// <summary>Ends a reservation, whether the torrent was added or not.</summary>
    public void EndReservation(ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
            _reserved.ExceptWith(hashes);
    }

    /// <summary>The positions of torrents have changed.</summary>
    public void OnPlaced()
    {
        lock (_lock)
        {
            _ordered = default;
            foreach (Torrent torrent in _torrents.Keys)
                _lastPosition = Math.Max(_lastPosition, torrent.Actor.Record.Position);
        }
    }

    /// <summary>Takes the position after all others.</summary>
    public long TakePosition()
    {
        lock (_lock)
            return _lastPosition += QueueOrder.Step;
    }

    /// <summary>Adds a torrent whose place is reserved.</summary>
    public void Add(Torrent torrent, ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
        {
            _lastPosition = Math.Max(_lastPosition, torrent.Actor.Record.Position);
            _ordered = default;
            _torrents.Add(torrent, hashes);
            foreach (InfoHash hash in hashes)
            {
                _byHash.Add(hash, torrent);
                _byMseHash.Add(MseHash.OfTorrent(hash), hash);
            }
        }
    }

    /// <summary>Adds the hashes that are newly known of a torrent; false if another torrent has one of them.</summary>
    public bool TryLearn(Torrent torrent, ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
        {
            foreach (InfoHash hash in hashes)
            {
                if (_reserved.Contains(hash) || (_byHash.TryGetValue(hash, out Torrent? other) && other != torrent))
                    return false;
            }

            // A torrent that was removed meanwhile must not get any.
            if (!_torrents.TryGetValue(torrent, out ImmutableArray<InfoHash> known))
                return true;
            _torrents[torrent] = [.. known.Union(hashes)];
            foreach (InfoHash hash in hashes)
            {
                _byHash[hash] = torrent;
                _byMseHash[MseHash.OfTorrent(hash)] = hash;
            }

            return true;
        }
    }

    /// <summary>Removes a torrent, whose cleanup lasts until <see cref="EndLeaving"/>; false if it was not present.</summary>
    public bool TryRemove(Torrent torrent, out ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
        {
            if (!_torrents.Remove(torrent, out hashes))
                return false;
            _ordered = default;
            foreach (InfoHash hash in hashes)
            {
                _byHash.Remove(hash);
                _byMseHash.Remove(MseHash.OfTorrent(hash));
            }

            BeginLeaving(hashes);
            return true;
        }
    }

    /// <summary>Begins the cleanup of a torrent that may not have been added yet.</summary>
    public void BeginLeaving(ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
        {
            foreach (InfoHash hash in hashes)
                _leaving.TryAdd(hash, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    /// <summary>The cleanup of a removed torrent is done; it may be added again.</summary>
    public void EndLeaving(ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
        {
            foreach (InfoHash hash in hashes)
            {
                _leaving.Remove(hash, out TaskCompletionSource? left);
                left?.SetResult();
            }
        }
    }

    /// <summary>Completes when the cleanup of earlier torrents with one of these hashes is done.</summary>
    public Task WaitForLeavingAsync(ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
            return Task.WhenAll(hashes.Where(_leaving.ContainsKey).Select(hash => _leaving[hash].Task));
    }
}
