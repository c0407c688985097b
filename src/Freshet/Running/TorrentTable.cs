using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Sessions;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Running;

/// <summary>
/// A session's torrents by their info-hashes, of which a hybrid one has two, and in their order; and how many more are on their way. No two
/// share a hash. Safe to use from any thread.
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

    /// <summary>Which of them may write their files.</summary>
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

    /// <summary>All of them, in their order.</summary>
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

    /// <summary>The torrent of one of its hashes.</summary>
    public Torrent? Find(InfoHash infoHash)
    {
        lock (_lock)
            return _byHash.GetValueOrDefault(infoHash);
    }

    /// <summary>The hash of a torrent that an encrypted handshake names by HASH('req2', SKEY).</summary>
    public InfoHash? FindWanted(InfoHash wanted)
    {
        lock (_lock)
            return _byMseHash.TryGetValue(wanted, out InfoHash infoHash) ? infoHash : null;
    }

    /// <summary>A torrent is on its way, until <see cref="EndAdding"/>.</summary>
    public void BeginAdding() => Interlocked.Increment(ref _adding);

    public void EndAdding() => Interlocked.Decrement(ref _adding);

    /// <summary>
    /// Keeps a place for a torrent that is being opened; false if one of its hashes is there, or somebody else is about to add it.
    /// </summary>
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

    /// <summary>Gives the place up, or it is taken.</summary>
    public void EndReservation(ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
            _reserved.ExceptWith(hashes);
    }

    /// <summary>Torrents were given other places.</summary>
    public void OnPlaced()
    {
        lock (_lock)
        {
            _ordered = default;
            foreach (Torrent torrent in _torrents.Keys)
                _lastPosition = Math.Max(_lastPosition, torrent.Actor.Record.Position);
        }
    }

    /// <summary>The place behind all others.</summary>
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

    /// <summary>More hashes are known of a torrent than before; false if another has one of them.</summary>
    public bool TryLearn(Torrent torrent, ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
        {
            foreach (InfoHash hash in hashes)
            {
                if (_reserved.Contains(hash) || (_byHash.TryGetValue(hash, out Torrent? other) && other != torrent))
                    return false;
            }

            // One that was removed meanwhile is to have none.
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

    /// <summary>Takes a torrent out, which leaves things behind until <see cref="EndLeaving"/>; false if it was not in.</summary>
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

    /// <summary>A torrent is about to go that is perhaps not in yet.</summary>
    public void BeginLeaving(ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
        {
            foreach (InfoHash hash in hashes)
                _leaving.TryAdd(hash, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    /// <summary>Nothing is left of a torrent that was removed; it may be added again.</summary>
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

    /// <summary>Ends when nothing is left of an earlier torrent with one of these hashes.</summary>
    public Task WaitForLeavingAsync(ImmutableArray<InfoHash> hashes)
    {
        lock (_lock)
            return Task.WhenAll(hashes.Where(_leaving.ContainsKey).Select(hash => _leaving[hash].Task));
    }
}
