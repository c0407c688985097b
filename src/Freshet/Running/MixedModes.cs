using System.Collections.Concurrent;
using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Utp;

namespace Freshet.Running;

/// <summary>
/// Keeps a session's TCP connections from starving its uTP connections (<see cref="MixedMode"/>), in both directions. Peers on the local
/// network do not use the line, so they neither count nor are limited. Thread-safe.
/// </summary>
internal sealed class MixedModes
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<IMixedConnection, Use> _uses = new();
    private readonly HashSet<ITcpLimits> _limited = [];
    private readonly MixedMode _download = new();
    private readonly MixedMode _upload = new();
    private Timestamp _last;
    private int _utp;

    /// <summary>Whether a peer counts, and is limited.</summary>
    public static bool Concerns(IPAddress address) => AddressScopes.Of(address) is AddressScope.Public or AddressScope.Unusable;

    /// <summary>A connection was made.</summary>
    public void Add(IMixedConnection connection, PeerTransport transport, ITcpLimits torrent)
    {
        if (!Concerns(connection.RemoteEndPoint.Address))
            return;
        bool isUtp = transport == PeerTransport.Utp;
        if (_uses.TryAdd(connection, new Use(torrent, isUtp)) && isUtp)
            Interlocked.Increment(ref _utp);
    }

    /// <summary>A connection has ended or is ending.</summary>
    public void Remove(IMixedConnection connection)
    {
        if (_uses.TryRemove(connection, out Use? use) && use.IsUtp)
            Interlocked.Decrement(ref _utp);
    }

    /// <summary>Adjusts the limits, once a second. Called by one thread at a time.</summary>
    public void Tick(Timestamp now)
    {
        if (now - _last < Interval)
            return;
        _last = now;
        if (Volatile.Read(ref _utp) == 0 && _limited.Count == 0)
            return;
        Direction download = new();
        Direction upload = new();
        foreach ((IMixedConnection connection, Use use) in _uses)
        {
            TransportQueueing queueing = connection.Queueing ?? default;
            download.Add(use, use.Received.RateAt(connection.BytesReceived, now), queueing.Received, use.Received);
            upload.Add(use, use.Sent.RateAt(connection.BytesSent, now), queueing.Sent, use.Sent);
        }

        _download.OnSecond(download.Tcp, download.Utp, download.HasQueue);
        _upload.OnSecond(upload.Tcp, upload.Utp, upload.HasQueue);
        Apply(download.Tcp.Active, upload.Tcp.Active);
    }

    // Each torrent gets the part of its active connections. One that has none could not begin without a part.
    private void Apply(int downloading, int uploading)
    {
        HashSet<ITcpLimits> torrents = [.. _limited];
        _limited.Clear();
        if (_download.Limit is not null || _upload.Limit is not null)
            torrents.UnionWith(_uses.Values.Where(static use => !use.IsUtp).Select(static use => use.Torrent));
        foreach (ITcpLimits torrent in torrents)
        {
            IEnumerable<Use> own = _uses.Values.Where(use => use.Torrent == torrent && !use.IsUtp);
            DataRate? download = Part(_download, own.Count(static use => use.Received.IsActive), downloading);
            DataRate? upload = Part(_upload, own.Count(static use => use.Sent.IsActive), uploading);
            torrent.LimitTcp(download, upload);
            if (download is not null || upload is not null)
                _limited.Add(torrent);
        }
    }

    private static DataRate? Part(MixedMode mode, int active, int all) =>
        mode.Limit is { } limit ? new DataRate((long)(limit * Math.Max(active, 1) / Math.Max(all, 1))) : null;

    private sealed class Use(ITcpLimits torrent, bool isUtp)
    {
        public ITcpLimits Torrent => torrent;

        public bool IsUtp => isUtp;

        public Count Received { get; } = new();

        public Count Sent { get; } = new();
    }

    private sealed class Count
    {
        private long _before;
        private Timestamp? _at;

        public bool IsActive { get; private set; }

        // While there are no uTP connections nobody counts.
        public double RateAt(long bytes, Timestamp now)
        {
            double rate = _at is { } at && now - at < 3 * Interval ? (bytes - _before) / (now - at).TotalSeconds : 0;
            _before = bytes;
            _at = now;
            IsActive = rate >= TransportUse.LeastActive;
            return rate;
        }
    }

    private struct Direction
    {
        private int _queued;

        public TransportUse Tcp { get; private set; }

        public TransportUse Utp { get; private set; }

        // Where a single one finds a queue, it is probably its peer's.
        public readonly bool HasQueue => _queued > Utp.Active / 2;

        public void Add(Use use, double rate, TimeSpan queueing, Count count)
        {
            if (!use.IsUtp)
            {
                Tcp = Tcp.Add(rate);
                return;
            }

            Utp = Utp.Add(rate);
            if (count.IsActive && queueing >= Ledbat.Target / 2)
                _queued++;
        }
    }
}
