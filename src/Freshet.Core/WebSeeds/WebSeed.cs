using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.WebSeeds;

/// <summary>
/// A web seed in use. Blocks requested from it wait until they make up an HTTP request that is worth its round trip; requests run over a
/// few connections at once. A block is wanted in a request, or waits, exactly while it is in the pipeline.
/// </summary>
internal sealed class WebSeed : BlockSource
{
    private readonly IWebSeedLine _line;
    private readonly PieceLayout _layout;
    private readonly string _url;
    private readonly List<BlockRef> _waiting = [];
    private readonly List<Fetch> _fetches = [];
    private readonly OwnHolds _holds;
    private long _end;
    private int _lastFetch;

    public WebSeed(PeerKey key, WebSeedEntry entry, IWebSeedLine line, PieceLayout layout, Timestamp now)
        : base(key, new BlockSender(entry.Origin, EndPoint: null), layout.PieceCount, now, new RequestPipeline(WebSeedLimits.FirstRequests))
    {
        _line = line;
        _layout = layout;
        _url = entry.Url;
        _holds = new OwnHolds(now);
        Requests.LimitDepth(PeerLimits.MaxOutstandingRequests);
    }

    /// <summary>Whether requests are made one after the other, in the order of the files, since it does not serve ranges.</summary>
    public bool IsInOrder { get; set; }

    public override bool TakesRuns => true;

    public override bool CanBeAsked => !IsGone;

    /// <summary>Whether it was closed, so that nothing more is requested.</summary>
    public bool IsGone { get; private set; }

    /// <summary>The number of requests in progress.</summary>
    public int FetchCount => _fetches.Count;

    public override PeerMoment At(Timestamp time) => new(time, time - _line.HeldUp(Key, time));

    /// <summary>How much of the last few seconds we held it up ourselves. Each call takes a sample.</summary>
    public OwnHolds HoldsAt(Timestamp now)
    {
        _holds.SampleReceiving(Key, _line, now);
        return _holds;
    }

    public override void Request(BlockRange block, Timestamp time)
    {
        BlockRef wanted = RefOf(block);
        foreach (Fetch fetch in _fetches)
        {
            if (fetch.TrySet(wanted, isWanted: true))
                return;
        }

        _waiting.Add(wanted);
    }

    public override void Cancel(BlockRange block, Timestamp time)
    {
        BlockRef unwanted = RefOf(block);
        if (_waiting.Remove(unwanted))
            return;
        foreach (Fetch fetch in _fetches)
        {
            if (!fetch.TrySet(unwanted, isWanted: false))
                continue;
            if (fetch.IsPointless)
                Abort(fetch);
            return;
        }
    }

    public override void Flush(Timestamp time)
    {
        int most = IsInOrder ? 1 : WebSeedLimits.MaxFetches;
        while (!IsGone && _fetches.Count < most && _waiting.Count > 0)
        {
            if (IsInOrder)
                PutInOrder();
            int count = RunLength(out int bytes);
            if (_fetches.Count > 0 && bytes < WebSeedLimits.MinFetchLength && count == _waiting.Count)
                return;
            BlockRef[] run = [.. _waiting[..count]];
            _waiting.RemoveRange(0, count);
            Fetch fetch = new(new FetchKey(++_lastFetch), run);
            _fetches.Add(fetch);
            _end = _layout.OffsetOf(run[0]) + bytes;
            _line.Fetch(new FetchOrder(Key, fetch.Key, _url, _end - bytes, bytes) { IsInOrder = IsInOrder });
        }
    }

    public override void Close(DisconnectReason reason)
    {
        IsGone = true;
        _waiting.Clear();
        for (int i = _fetches.Count - 1; i >= 0; i--)
            Abort(_fetches[i]);
    }

    /// <summary>The next block of a request has arrived; false if the request was aborted.</summary>
    public bool OnFetched(FetchKey key)
    {
        if (Find(key) is not { } fetch)
            return false;
        fetch.OnBlock();
        if (fetch.IsPointless)
            Abort(fetch);
        return true;
    }

    /// <summary>
    /// A request has ended on its own. Returns in <paramref name="owed"/> the blocks that did not arrive; false if the request was aborted
    /// before.
    /// </summary>
    public bool OnFetchEnded(FetchKey key, List<BlockRef> owed)
    {
        if (Find(key) is not { } fetch)
            return false;
        fetch.CopyWanted(owed);
        _fetches.Remove(fetch);
        return true;
    }

    // What follows the last request comes first.
    private void PutInOrder()
    {
        _waiting.Sort((one, other) => (IsBehind(one), _layout.OffsetOf(one)).CompareTo((IsBehind(other), _layout.OffsetOf(other))));

        bool IsBehind(BlockRef block) => _layout.OffsetOf(block) < _end;
    }

    // The length of the first run of consecutive waiting blocks.
    private int RunLength(out int bytes)
    {
        long next = _layout.OffsetOf(_waiting[0]);
        int count = 0;
        bytes = 0;
        while (count < _waiting.Count && _layout.OffsetOf(_waiting[count]) == next && bytes < WebSeedLimits.MaxFetchLength)
        {
            int length = _layout.LengthOf(_waiting[count++]);
            next += length;
            bytes += length;
        }

        return count;
    }

    private void Abort(Fetch fetch)
    {
        _fetches.Remove(fetch);
        _line.AbortFetch(Key, fetch.Key);
    }

    private Fetch? Find(FetchKey key) => _fetches.Find(fetch => fetch.Key == key);

    private static BlockRef RefOf(BlockRange block) => new(block.Piece, block.Offset / Limits.BlockLength);
}
