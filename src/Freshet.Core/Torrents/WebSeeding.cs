using System.Collections.Immutable;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.WebSeeds;

namespace Freshet.Core.Torrents;

/// <summary>
/// Decides which web seeds to request blocks from (BEP 19): a few at once while the torrent fetches, with a growing back-off after
/// failures. A web seed is among the torrent's sources exactly while it may be used, so that nothing waits for one that is down.
/// </summary>
internal sealed class WebSeeding(TorrentContext torrent, Sourcing sourcing, Requesting requesting, Downloading downloading)
{
    private readonly List<WebSeedEntry> _entries = [];
    private readonly List<BlockRef> _owed = [];
    private ImmutableArray<string> _known = [];

    // The keys of connections count upwards.
    private int _lastKey = PieceLedger.FromDisk.Value;

    /// <summary>Counts web seeds that have sent a block since the given moment.</summary>
    public int CountGiving(Timestamp since) => _entries.Count(entry => entry.Live?.LastTaken > since);

    /// <summary>Web seeds that are currently in use.</summary>
    public int ActiveCount => _entries.Count(static entry => entry.Live is not null);

    /// <summary>How the first web seed failed, as text, if none can be used now; otherwise null.</summary>
    public string? FailureAt(Timestamp now) => _entries.Exists(entry => entry.MayBeAsked(now)) ? null : _entries.FirstOrDefault()?.Message;

    /// <summary>When <see cref="Tick"/> may have something to do; never if nothing changes on its own.</summary>
    public Timestamp NextDue(Timestamp now)
    {
        Timestamp next = Timestamp.Never;
        if (!torrent.IsFetching)
            return next;
        foreach (WebSeedEntry entry in _entries)
        {
            Timestamp due = entry.Live is null ? entry.RestsUntil : entry.LacksUntil;
            if (due > now)
                next = Timestamp.Min(next, due);
        }

        return next;
    }

    /// <summary>Starts and stops using web seeds depending on whether the torrent fetches.</summary>
    public void Tick(Timestamp now)
    {
        Adopt();
        int live = 0;
        foreach (WebSeedEntry entry in _entries)
        {
            bool hasMore = entry.TryForgive(torrent.Layout, now);
            if (entry.Live is not { } seed)
                continue;
            if (hasMore && torrent.IsFetching && !seed.IsGone)
                GoOnWithMore(entry, seed, now);
            if (seed.IsGone)
                OnClosed(entry);
            else if (!torrent.IsFetching)
                Leave(entry);
            else
                live++;
            seed.Flush(now);
        }

        for (int i = 0; i < _entries.Count && live < WebSeedLimits.MaxActive && torrent.IsFetching; i++)
        {
            if (_entries[i].IsReady(now) && Join(_entries[i], now))
                live++;
        }
    }

    /// <summary>The run is over: outstanding requests are abandoned, and the next run starts afresh.</summary>
    public void End()
    {
        foreach (WebSeedEntry entry in _entries)
        {
            if (entry.Live is { IsGone: false })
                Leave(entry);
        }

        _entries.Clear();
        _known = [];
    }

    /// <summary>The next block of a request has arrived.</summary>
    public void OnFetched(PeerKey key, FetchKey fetch, BlockRange range, BlockLease lease, Timestamp now)
    {
        if (Find(key) is not { Live: { } seed } entry || !seed.OnFetched(fetch))
        {
            downloading.Waste(range, lease);
            return;
        }

        entry.OnGave();
        downloading.OnBlock(seed, range, lease, now);
        AskForMore(seed, now);
    }

    /// <summary>A request has ended on its own.</summary>
    public void OnFetchEnded(PeerKey key, FetchKey fetch, in FetchEnd end, Timestamp now)
    {
        torrent.Wasted += end.Skipped;
        _owed.Clear();
        if (Find(key) is not { Live: { } seed } entry || !seed.OnFetchEnded(fetch, _owed))
            return;
        foreach (BlockRef block in _owed)
        {
            seed.Requests.OnRejected(block);
            torrent.Ledger.Release(block, key);
        }

        FetchEnd outcome = entry.HasSkipped(end.Skipped)
            ? new FetchEnd(FetchFault.Busy)
            {
                Words = "it does not serve ranges, and too much of it was read in vain",
                RetryAfter = TimeSpan.FromSeconds(WebSeedLimits.MaxRetryAfterSeconds),
            }
            : end;
        switch (outcome.Fault)
        {
            case FetchFault.None:
                entry.OnServed();
                AskForMore(seed, now);
                break;
            case FetchFault.NoRanges:
                entry.OnNoRanges();
                AskForMore(seed, now);
                break;
            case FetchFault.WrongFile:
                entry.OnWrongFile(outcome, torrent.Layout, now, torrent.Random);
                if (entry.MayBeAsked(now))
                    GoOnWithout(torrent.Layout.PiecesOfFile(outcome.File), seed, now);
                else
                    Leave(entry);
                break;
            default:
                Leave(entry);
                entry.OnFailed(outcome, now, torrent.Random);
                break;
        }
    }

    /// <summary>The status of each web seed.</summary>
    public ImmutableArray<WebSeedStatus> Statuses(Timestamp now)
    {
        Adopt();
        return _entries.Count == 0 ? [] : [.. _entries.Select(entry => entry.StatusAt(now))];
    }

    // More web seeds are known once the metadata is.
    private void Adopt()
    {
        if (_known == torrent.Identity.WebSeeds)
            return;
        _known = torrent.Identity.WebSeeds;
        foreach (string url in _known)
        {
            if (!_entries.Exists(entry => entry.Url == url))
                _entries.Add(new WebSeedEntry(url));
        }
    }

    private bool Join(WebSeedEntry entry, Timestamp now)
    {
        if (torrent.Book.Bans.ReasonFor(entry.Origin) is { } reason)
        {
            entry.OnBanned(reason);
            return false;
        }

        WebSeed seed = new(new PeerKey(--_lastKey), entry, torrent.Effects, torrent.Layout, now);
        entry.Join(seed);
        sourcing.Join(seed);
        requesting.Refill(seed, now);
        return true;
    }

    // The web seed may have all other files: what was requested of these pieces is requested from others.
    private void GoOnWithout(PieceRange pieces, WebSeed seed, Timestamp now)
    {
        for (int i = seed.Requests.Count - 1; i >= 0; i--)
        {
            BlockRef block = seed.Requests[i];
            if (!pieces.Contains(block.Piece))
                continue;
            seed.Requests.Forget(block);
            torrent.Ledger.Release(block, seed.Key);
            seed.Cancel(torrent.Layout.RangeOf(block), now);
        }

        torrent.Picker.Abandon(seed.Key);
        for (int i = 0; i < pieces.Count; i++)
            torrent.Availability.RemoveHave(seed.Has, new PieceIndex(pieces.First.Value + i));
        AskForMore(seed, now);
    }

    // Files that it lacked may have come.
    private void GoOnWithMore(WebSeedEntry entry, WebSeed seed, Timestamp now)
    {
        for (PieceIndex piece = default; torrent.Layout.Contains(piece); piece = new PieceIndex(piece.Value + 1))
        {
            if (!entry.Lacks(piece))
                torrent.Availability.AddHave(seed.Has, piece);
        }

        requesting.Refill(seed, now);
    }

    private void Leave(WebSeedEntry entry)
    {
        WebSeed seed = entry.Live!;
        seed.Close(DisconnectReason.TorrentStopped);
        sourcing.Leave(seed);
        entry.Leave();
    }

    // A ban has already removed it from the sources.
    private void OnClosed(WebSeedEntry entry)
    {
        entry.Leave();
        entry.OnBanned(torrent.Book.Bans.ReasonFor(entry.Origin));
    }

    private void AskForMore(WebSeed seed, Timestamp now)
    {
        requesting.Refill(seed, now);
        seed.Flush(now);
    }

    private WebSeedEntry? Find(PeerKey key) => _entries.Find(entry => entry.Live?.Key == key);
}
