using System.Collections.Immutable;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.WebSeeds;

namespace Freshet.Core.Torrents;

/// <summary>
/// Which of a torrent's web seeds are asked for blocks (BEP 19): a few at once, while it fetches; one that fails is left alone for longer
/// and longer. A web seed is among the torrent's sources exactly while it may be asked, so that nothing waits for one that is down.
/// </summary>
internal sealed class WebSeeding(TorrentContext torrent, Sourcing sourcing, Requesting requesting, Downloading downloading)
{
    private readonly List<WebSeedEntry> _entries = [];
    private readonly List<BlockRef> _owed = [];
    private ImmutableArray<string> _known = [];

    // The keys of connections count upwards.
    private int _lastKey = PieceLedger.FromDisk.Value;

    /// <summary>Web seeds that send to us, or sent just now.</summary>
    public int CountGiving(Timestamp since) => _entries.Count(entry => entry.Live?.LastTaken > since);

    /// <summary>Web seeds that may be asked now.</summary>
    public int ActiveCount => _entries.Count(static entry => entry.Live is not null);

    /// <summary>When <see cref="Tick"/> may have something to do; never if nothing changes by itself.</summary>
    public Timestamp NextDue(Timestamp now)
    {
        Timestamp next = Timestamp.Never;
        if (!torrent.IsFetching)
            return next;
        foreach (WebSeedEntry entry in _entries)
        {
            if (entry.Live is null && entry.RestsUntil > now)
                next = Timestamp.Min(next, entry.RestsUntil);
        }

        return next;
    }

    /// <summary>Begins and ends to ask, as the torrent fetches or not.</summary>
    public void Tick(Timestamp now)
    {
        Adopt();
        int live = 0;
        foreach (WebSeedEntry entry in _entries)
        {
            if (entry.Live is not { } seed)
                continue;
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

    /// <summary>The run is over: what is under way is given up, and the next begins anew.</summary>
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

    /// <summary>A block came, the next of a request.</summary>
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

    /// <summary>A request ended by itself.</summary>
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

        switch (end.Fault)
        {
            case FetchFault.None:
                entry.OnServed();
                AskForMore(seed, now);
                break;
            case FetchFault.WrongFile:
                entry.OnWrongFile(end, torrent.Layout, now, torrent.Random);
                if (entry.MayBeAsked(now))
                    GoOnWithout(torrent.Layout.PiecesOfFile(end.File), seed, now);
                else
                    Leave(entry);
                break;
            default:
                Leave(entry);
                entry.OnFailed(end, now, torrent.Random);
                break;
        }
    }

    /// <summary>How it stands with each of them.</summary>
    public ImmutableArray<WebSeedStatus> Statuses(Timestamp now)
    {
        Adopt();
        return [.. _entries.Select(entry => entry.StatusAt(now))];
    }

    // More are known once the metadata is there.
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

    // It may have all other files: what it was asked for of these pieces is asked of others.
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

    private void Leave(WebSeedEntry entry)
    {
        WebSeed seed = entry.Live!;
        seed.Close(DisconnectReason.TorrentStopped);
        sourcing.Leave(seed);
        entry.Leave();
    }

    // A ban has taken it out of the sources.
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
