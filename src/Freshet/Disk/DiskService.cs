using Freshet.Core.Rates;
using Freshet.Diagnostics;

namespace Freshet.Disk;

/// <summary>The threads that write, hash and check for all torrents, a few for each mounted file system in use.</summary>
/// <remarks>
/// Two workers that write to one file wait for each other in the kernel, spinning on a busy machine: a block then cost 14 µs, against 7
/// with one worker, which is enough for 2 GB/s of a torrent. A single worker also finds more finished pieces to hash together.
/// </remarks>
internal sealed class DiskService : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly MountPoints _mounts = new();
    private readonly Dictionary<string, (int Id, DiskVolume Volume)> _byMount = [];
    private readonly List<TorrentDisk> _torrents = [];
    private readonly int _workers;
    private readonly BlockPool _pool;
    private readonly Action<Exception> _onFault;
    private readonly TimeProvider _time;
    private readonly LatencyMeter? _waits;
    private bool _isDisposed;

    // Only ever replaced by a longer array.
    private volatile DiskVolume[] _volumes = [];

    public DiskService(DiskServiceOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Workers, nameof(options));
        _workers = options.Workers;
        _pool = options.Pool;
        _time = options.Time;
        _waits = options.Waits;
        _onFault = new FaultReport(options.OnFault).Report;
    }

    /// <summary>The work done since the start.</summary>
    public DiskStatistics Statistics
    {
        get
        {
            DiskStatistics sum = default;
            foreach (DiskVolume volume in _volumes)
                sum += volume.Statistics;
            return sum;
        }
    }

    /// <summary>The mount point of a folder, to name a disk by; empty if it is not known.</summary>
    public string MountOf(string folder) => _mounts.Of(folder).Path;

    /// <summary>Adds a torrent. Close it to remove it.</summary>
    public TorrentDisk Open(TorrentDiskOptions options)
    {
        Mount mount = MountAt(options.Folder);
        lock (_lock)
        {
            DiskVolume volume = VolumeOf(mount);
            TorrentDisk torrent = new(this, volume, options);
            volume.Torrents++;
            _torrents.Add(torrent);
            return torrent;
        }
    }

    /// <summary>Runs a call that may block for as long as the folder's disk does, on a thread of that disk.</summary>
    public Task<T> RunAsync<T>(string folder, Func<T> call) => VolumeOf(folder).RunAsync(folder, call);

    /// <summary>
    /// Called by the heartbeat, a few times a second. Writes blocks that have waited for their piece for
    /// <see cref="DiskLimits.IdleBlockTime"/>, and makes workers look at blocks that were too few to wake them.
    /// </summary>
    public void Tick(Timestamp now)
    {
        foreach (DiskVolume volume in _volumes)
            volume.Tick(now);
    }

    /// <summary>Closes every torrent and ends the threads, with a time limit for a disk that does not respond.</summary>
    public async ValueTask DisposeAsync()
    {
        TorrentDisk[] torrents;
        lock (_lock)
        {
            _isDisposed = true;
            torrents = [.. _torrents];
        }

        await Task.WhenAll(torrents.Select(torrent => torrent.CloseAsync())).ConfigureAwait(false);
        await Task.WhenAll(_volumes.Select(volume => volume.StopAsync())).ConfigureAwait(false);
    }

    internal void Remove(TorrentDisk torrent, DiskVolume volume)
    {
        lock (_lock)
        {
            if (_torrents.Remove(torrent))
                volume.Torrents--;
        }
    }

    /// <summary>The threads for the file system that a folder is on now.</summary>
    internal DiskVolume VolumeOf(string folder)
    {
        Mount mount = MountAt(folder);
        lock (_lock)
            return VolumeOf(mount);
    }

    private Mount MountAt(string folder) => folder.Length == 0 ? new Mount("", 0) : _mounts.Of(folder);

    private DiskVolume VolumeOf(Mount mount)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_byMount.TryGetValue(mount.Path, out (int Id, DiskVolume Volume) known) && known.Id == mount.Id)
            return known.Volume;

        // What was mounted there before may have left threads behind that hang.
        _byMount.Remove(mount.Path);
        DiskVolume volume = FindSpare() ?? AddVolume();
        _byMount.Add(mount.Path, (mount.Id, volume));
        return volume;
    }

    // Threads of a file system that is no longer mounted, once nothing hangs there any more.
    private DiskVolume? FindSpare() => Array.Find(
        _volumes,
        volume => volume is { Torrents: 0, IsIdle: true } && _byMount.Values.All(known => known.Volume != volume));

    private DiskVolume AddVolume()
    {
        if (_volumes.Length == DiskLimits.MaxVolumes)
            return _volumes[^1];
        DiskVolume volume = new(_pool, _workers, _onFault, _time, _waits);
        _volumes = [.. _volumes, volume];
        return volume;
    }
}
