using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Freshet.Api;
using Freshet.Daemon.Running;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Feeds;

/// <summary>
/// All torrents as the API shows them, built once for all readers: a refresh rebuilds only what has changed, and writes it to the journal
/// of events. Readers take no lock.
/// </summary>
internal sealed class Catalog(Session session, EventJournal journal, Moves moves, Func<SessionStatus, SessionState> stateOf)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Torrent, CatalogEntry> _entries = [];
    private CatalogEntry[] _ordered = [];
    private SessionStatus? _status;
    private SessionState? _state;
    private byte[] _stateJson = [];

    /// <summary>The torrents in their order.</summary>
    public IReadOnlyList<CatalogEntry> Entries => Volatile.Read(ref _ordered);

    /// <summary>The orders that they were asked for in.</summary>
    public CatalogOrders Orders { get; } = new();

    /// <summary>The session's status at the last refresh, which need not be computed from all torrents for each request.</summary>
    public SessionStatus Status => Volatile.Read(ref _status)!;

    /// <summary>The session's state at the last refresh.</summary>
    public SessionState State => Volatile.Read(ref _state)!;

    public byte[] StateJson => Volatile.Read(ref _stateJson);

    /// <summary>Updates the catalog, and writes the differences to the journal.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            Changes changes = new();
            RefreshTorrents(changes);
            RefreshState(changes);
            foreach (ReadOnlyMemory<byte> json in changes.Finish())
                journal.Append("change", json.Span);
        }
    }

    /// <summary>The state of a torrent at the last refresh; its present state if it was added since.</summary>
    public TorrentItem ItemOf(Torrent torrent)
    {
        if (_entries.TryGetValue(torrent, out CatalogEntry? entry))
            return entry.Current.Item;
        CatalogEntry[] ordered = Volatile.Read(ref _ordered);
        double order = ordered.Length > 0 ? ordered[^1].Current.Item.Order + 1 : 1;
        return TorrentViews.ItemOf(torrent, torrent.Status, TorrentViews.SizeOf(torrent), order, moves.Of(torrent));
    }

    private void RefreshTorrents(Changes changes)
    {
        IReadOnlyList<Torrent> torrents = session.Torrents;
        if (!IsInOrder(torrents))
            Reorder(torrents, changes);
        foreach (CatalogEntry entry in _ordered)
        {
            byte[] before = entry.Current.Json;
            if (entry.Refresh())
                changes.Change(before, entry.Current);
        }
    }

    private bool IsInOrder(IReadOnlyList<Torrent> torrents)
    {
        if (torrents.Count != _ordered.Length)
            return false;
        for (int i = 0; i < torrents.Count; i++)
        {
            if (_ordered[i].Torrent != torrents[i])
                return false;
        }

        return true;
    }

    // Readers see a new torrent only once there is something to read of it.
    private void Reorder(IReadOnlyList<Torrent> torrents, Changes changes)
    {
        double[] keys = OrderKeys.Assign([.. torrents.Select(torrent => _entries.GetValueOrDefault(torrent)?.Order)]);
        CatalogEntry[] ordered = new CatalogEntry[torrents.Count];
        for (int i = 0; i < ordered.Length; i++)
        {
            bool isKnown = _entries.TryGetValue(torrents[i], out CatalogEntry? entry);
            entry ??= new CatalogEntry(torrents[i], moves);
            entry.Order = keys[i];
            ordered[i] = entry;
            if (isKnown)
                continue;
            entry.Refresh();
            _entries[torrents[i]] = entry;
            changes.Add(entry.Current.Json);
        }

        HashSet<Torrent> present = [.. torrents];
        HashSet<CatalogEntry> removed = [];
        foreach ((Torrent torrent, CatalogEntry entry) in _entries.Where(entry => !present.Contains(entry.Key)).ToArray())
        {
            _entries.TryRemove(torrent, out _);
            changes.Remove(entry.Current.Item.Hash);
            removed.Add(entry);
        }

        Volatile.Write(ref _ordered, ordered);
        Orders.OnMembers(ordered, removed);
    }

    private void RefreshState(Changes changes)
    {
        SessionStatus status = session.Status;
        SessionState state = stateOf(status);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(state, JsonContext.Default.SessionState);
        if (_stateJson.Length > 0)
            changes.ChangeState(_stateJson, json);
        Volatile.Write(ref _status, status);
        Volatile.Write(ref _state, state);
        Volatile.Write(ref _stateJson, json);
    }

    /// <summary>The changes of one refresh, as events of a bounded number of torrents each.</summary>
    private sealed class Changes
    {
        private readonly List<byte[]> _added = [];
        private readonly List<(byte[] Before, CatalogItem Now)> _changed = [];
        private readonly List<string> _removed = [];
        private (byte[] Before, byte[] Now)? _state;

        public void Add(byte[] json) => _added.Add(json);

        public void Change(byte[] before, CatalogItem now) => _changed.Add((before, now));

        public void Remove(string hash) => _removed.Add(hash);

        public void ChangeState(byte[] before, byte[] now)
        {
            if (!before.AsSpan().SequenceEqual(now))
                _state = (before, now);
        }

        public IEnumerable<ReadOnlyMemory<byte>> Finish()
        {
            foreach (string[] removed in _removed.Chunk(Bounds.MaxTorrentsInEvent))
                yield return Write(writer => WriteList(writer, "removed", removed, (to, hash) => to.WriteStringValue(hash)));
            foreach (byte[][] added in _added.Chunk(Bounds.MaxTorrentsInEvent))
            {
                yield return Write(writer =>
                    WriteList(writer, "added", added, (to, json) => to.WriteRawValue(json, skipInputValidation: true)));
            }

            foreach ((byte[] Before, CatalogItem Now)[] changed in _changed.Chunk(Bounds.MaxTorrentsInEvent))
                yield return Write(writer => WriteList(writer, "changed", changed, WriteChange));
            if (_state is var (before, now))
                yield return Write(writer => WriteState(writer, before, now));
        }

        private static void WriteList<T>(Utf8JsonWriter writer, string name, T[] values, Action<Utf8JsonWriter, T> write)
        {
            writer.WriteStartArray(name);
            foreach (T value in values)
                write(writer, value);
            writer.WriteEndArray();
        }

        private static void WriteChange(Utf8JsonWriter writer, (byte[] Before, CatalogItem Now) change)
        {
            writer.WriteStartObject();
            writer.WriteString("hash", change.Now.Item.Hash);
            JsonDifference.Write(change.Before, change.Now.Json, writer);
            writer.WriteEndObject();
        }

        private static void WriteState(Utf8JsonWriter writer, byte[] before, byte[] now)
        {
            writer.WriteStartObject("session");
            JsonDifference.Write(before, now, writer);
            writer.WriteEndObject();
        }

        private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
        {
            ArrayBufferWriter<byte> buffer = new();
            using Utf8JsonWriter writer = new(buffer);
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
            writer.Flush();
            return buffer.WrittenMemory;
        }
    }
}
