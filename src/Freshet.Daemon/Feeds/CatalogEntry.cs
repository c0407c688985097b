using System.Text.Json;
using Freshet.Api;
using Freshet.Core.Torrents;
using Freshet.Daemon.Running;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Feeds;

/// <summary>A torrent in the catalog. Written by one refresh at a time; <see cref="Current"/> may be read by anyone.</summary>
internal sealed class CatalogEntry(Torrent torrent, Moves moves)
{
    private TorrentStatus? _status;
    private TorrentOptions? _options;
    private DateTimeOffset? _completedAt;
    private string? _folder;
    private MoveItem? _move;
    private SeedLimit? _seedLimit;
    private long? _size;
    private double _order;
    private CatalogItem? _current;

    public Torrent Torrent => torrent;

    /// <summary>The torrent's state at the last refresh.</summary>
    public CatalogItem Current => Volatile.Read(ref _current)!;

    /// <summary>Its queue position.</summary>
    public double Order { get; set; }

    /// <summary>
    /// Checks whether it has changed. The engine returns the same snapshot until there is a new one, so an idle torrent costs nothing.
    /// </summary>
    public bool Refresh()
    {
        TorrentStatus status = torrent.Status;
        TorrentOptions options = torrent.Options;
        DateTimeOffset? completedAt = torrent.CompletedAt;
        string folder = torrent.Folder;
        MoveItem? move = moves.Of(torrent);
        SeedLimit? seedLimit = torrent.ReachedSeedLimit;
        bool learned = _size is null && torrent.HasMetadata;
        if (ReferenceEquals(status, _status) && ReferenceEquals(options, _options) && completedAt == _completedAt
            && folder == _folder && seedLimit == _seedLimit && ReferenceEquals(move, _move) && Order == _order && !learned)
            return false;
        (_status, _options, _completedAt, _order) = (status, options, completedAt, Order);
        (_folder, _move, _seedLimit) = (folder, move, seedLimit);
        if (learned)
            _size = TorrentViews.SizeOf(torrent);
        TorrentItem item = TorrentViews.ItemOf(torrent, status, _size, _order, move);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(item, JsonContext.Default.TorrentItem);
        if (_current is { } before && before.Json.AsSpan().SequenceEqual(json))
            return false;
        Volatile.Write(ref _current, new CatalogItem(item, json));
        return true;
    }
}
