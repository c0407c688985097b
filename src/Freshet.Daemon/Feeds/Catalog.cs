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
internal sealed class Catalog
{
    private readonly Session _session;
    private readonly EventJournal _journal;
    private readonly Moves _moves;
    private readonly Func<SessionStatus, SessionState> _stateOf;
    private readonly RefreshTurns _turns;
    private readonly ConcurrentDictionary<Torrent, CatalogEntry> _entries = [];
    private Membership _members = new([], Removed: default);
    private SessionStatus? _status;
    private SessionState? _state;
    private byte[] _stateJson = [];

    public Catalog(Session session, EventJournal journal, Moves moves, Func<SessionStatus, SessionState> stateOf)
    {
        _session = session;
        _journal = journal;
        _moves = moves;
        _stateOf = stateOf;
        _turns = new RefreshTurns(Refresh);
    }

    /// <summary>The torrents in their order.</summary>
    public IReadOnlyList<CatalogEntry> Entries => Ordered;

    /// <summary>The orders that they were asked for in.</summary>
    public CatalogOrders Orders { get; } = new();

    /// <summary>The session's status at the last refresh, which need not be computed from all torrents for each request.</summary>
    public SessionStatus Status => Volatile.Read(ref _status)!;

    /// <summary>The session's state at the last refresh.</summary>
    public SessionState State => Volatile.Read(ref _state)!;

    /// <summary>What was transferred since the start, also by torrents that were removed.</summary>
    public TransferTotals Transferred
    {
        get
        {
            Membership members = Volatile.Read(ref _members);
            TransferTotals all = members.Removed;
            foreach (CatalogEntry entry in members.Ordered)
                all = all.With(entry.Torrent.Status);
            return all;
        }
    }

    public byte[] StateJson => Volatile.Read(ref _stateJson);

    private CatalogEntry[] Ordered => Volatile.Read(ref _members).Ordered;

    /// <summary>Updates the catalog, and writes the differences to the journal. Completes when all changes made before are in it.</summary>
    public Task RefreshAsync() => _turns.RunAsync(only: null);

    /// <summary>
    /// The same for one torrent, which costs the same however many there are. What follows from its change for others and for the session's
    /// state comes with the next tick.
    /// </summary>
    public Task RefreshAsync(Torrent torrent) => _turns.RunAsync(torrent);

    /// <summary>The state of a torrent at the last refresh; its present state if it was added since.</summary>
    public TorrentItem ItemOf(Torrent torrent)
    {
        if (_entries.TryGetValue(torrent, out CatalogEntry? entry))
            return entry.Current.Item;
        CatalogEntry[] ordered = Ordered;
        double order = ordered.Length > 0 ? ordered[^1].Current.Item.Order + 1 : 1;
        return TorrentViews.ItemOf(torrent, torrent.Status, TorrentViews.SizeOf(torrent), order, _moves.Of(torrent));
    }

    private void Refresh(IReadOnlySet<Torrent>? only)
    {
        Changes changes = new();
        if (only is null)
        {
            RefreshTorrents(changes);
            RefreshState(changes);
        }
        else
        {
            foreach (Torrent torrent in only)
                RefreshOne(torrent, changes);
        }

        foreach (ReadOnlyMemory<byte> json in changes.Finish())
            _journal.Append("change", json.Span);
    }

    private void RefreshTorrents(Changes changes)
    {
        IReadOnlyList<Torrent> torrents = _session.Torrents;
        if (!IsInOrder(torrents))
            Reorder(torrents, changes);
        foreach (CatalogEntry entry in Ordered)
            Refresh(entry, changes);
    }

    // One that is not known yet, or is removed meanwhile, comes and goes with a pass over all.
    private void RefreshOne(Torrent torrent, Changes changes)
    {
        if (_entries.TryGetValue(torrent, out CatalogEntry? entry))
            Refresh(entry, changes);
    }

    private static void Refresh(CatalogEntry entry, Changes changes)
    {
        byte[] before = entry.Current.Json;
        if (entry.Refresh())
            changes.Change(before, entry.Current);
    }

    private bool IsInOrder(IReadOnlyList<Torrent> torrents)
    {
        CatalogEntry[] ordered = Ordered;
        if (torrents.Count != ordered.Length)
            return false;
        for (int i = 0; i < torrents.Count; i++)
        {
            if (ordered[i].Torrent != torrents[i])
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
            entry ??= new CatalogEntry(torrents[i], _moves);
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
        TransferTotals ofRemoved = _members.Removed;
        foreach ((Torrent torrent, CatalogEntry entry) in _entries.Where(entry => !present.Contains(entry.Key)).ToArray())
        {
            _entries.TryRemove(torrent, out _);
            changes.Remove(entry.Current.Item.Hash);
            removed.Add(entry);
            ofRemoved = ofRemoved.With(torrent.Status);
        }

        Volatile.Write(ref _members, new Membership(ordered, ofRemoved));
        Orders.OnMembers(ordered, removed);
    }

    private void RefreshState(Changes changes)
    {
        SessionStatus status = _session.Status;
        SessionState state = _stateOf(status);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(state, JsonContext.Default.SessionState);
        if (_stateJson.Length > 0)
            changes.ChangeState(_stateJson, json);
        Volatile.Write(ref _status, status);
        Volatile.Write(ref _state, state);
        Volatile.Write(ref _stateJson, json);
    }

    /// <summary>
    /// The torrents in their order, and what those transferred that are gone: read together, so that nothing is counted twice.
    /// </summary>
    private sealed record Membership(CatalogEntry[] Ordered, TransferTotals Removed);

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
