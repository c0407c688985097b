using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.WebSeeds;
using Freshet.Loops;

namespace Freshet.WebSeeds;

/// <summary>
/// A request to a web seed: reads a run of blocks into memory of the pool, on its own thread, and passes them to the torrent's loop in
/// order. Nothing is allocated per block.
/// </summary>
#pragma warning disable CA1001 // A source without timer or link holds nothing to dispose of, and may be cancelled at any time.
internal sealed class WebSeedFetch : ILoopItem
#pragma warning restore CA1001
{
    private readonly WebSeedLine _line;
    private readonly FetchOrder _order;
    private readonly OwnWaits _waits;
    private readonly PieceLayout _layout;
    private readonly BlockRef[] _blocks;
    private readonly BlockLease[] _leases;
    private readonly CancellationTokenSource _abort = new();
    private readonly Action<Timestamp> _handle;
    private FetchEnd _end;
    private string? _cause;
    private int _handled;
    private int _read;
    private int _isPosted;
    private volatile bool _isCutShort;
    private volatile bool _hasEnded;
    private bool _isOver;

    public WebSeedFetch(WebSeedLine line, FetchOrder order, SharedPause pause)
    {
        _line = line;
        _order = order;
        _layout = line.Metainfo.Layout;
        _waits = new OwnWaits(line.Services, pause, _abort.Token);
        _blocks = [.. BlocksOf(_layout, order)];
        _leases = new BlockLease[_blocks.Length];
        _handle = Handle;
    }

    /// <summary>Starts the request. The task completes when no part of it is in progress any more.</summary>
    public Task Begin() => Task.Run(RunAsync);

    /// <summary>Cancels the request; what it has read already is passed on.</summary>
    /// <param name="cause">Why, for people; null if the torrent just does not want more of it.</param>
    public void Abort(string? cause = null)
    {
        _cause = cause;
        _abort.Cancel();
        _waits.Wake();
    }

    /// <summary>Ends the request as if the rest of it had not been asked for: it is requested again.</summary>
    public void CutShort()
    {
        _isCutShort = true;
        Abort();
    }

    /// <summary>On the loop: takes over what was received.</summary>
    void ILoopItem.Run() => _line.Owner.Run(_handle);

    private void Handle(Timestamp now)
    {
        Interlocked.Exchange(ref _isPosted, 0);
        bool hasEnded = _hasEnded;
        for (int read = Volatile.Read(ref _read); _handled < read;)
        {
            int block = _handled++;
            _line.Owner.Machine.OnFetched(_order.Seed, _order.Key, _layout.RangeOf(_blocks[block]), _leases[block], now);
        }

        if (!hasEnded || _isOver)
            return;
        _isOver = true;
        _line.OnEnded(_order);
        _line.Owner.Machine.OnFetchEnded(_order.Seed, _order.Key, _end, now);
        _line.Settle(_order);
    }

    private async Task RunAsync()
    {
        RunReader reader = new(_line, _order, _waits, _abort.Token);
        FetchEnd end = new(FetchFault.Unreachable) { Words = "the request failed" };
        try
        {
            await ReadAllAsync(reader).ConfigureAwait(false);
            end = default;
        }
        catch (OperationCanceledException) when (_isCutShort || (_waits.IsOver && !_abort.IsCancellationRequested))
        {
            // It is not the server's fault. What was received is used, and the rest requested again.
            end = default;
        }
        catch (Exception e) when (e is WebSeedException or HttpRequestException or IOException or InvalidDataException
            or OperationCanceledException or ObjectDisposedException)
        {
            end = _cause is null ? _line.Services.Client.EndOf(reader.Request, e) : end with { Words = _cause };
        }
        finally
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            _waits.End();
            _waits.Dispose();
            _line.Services.Count(end.Fault);
            _end = end with { Skipped = reader.Skipped };
            _hasEnded = true;
            Post();
        }
    }

    private async Task ReadAllAsync(RunReader reader)
    {
        await _waits.TakeTurnAsync().ConfigureAwait(false);
        try
        {
            foreach (BlockRef block in _blocks)
                await ReadAsync(reader, block).ConfigureAwait(false);
        }
        finally
        {
            _waits.GiveTurnBack();
        }
    }

    private async ValueTask ReadAsync(RunReader reader, BlockRef block)
    {
        BlockLease lease = await _waits.RentAsync().ConfigureAwait(false);
        bool isRead = false;
        try
        {
            Memory<byte> memory = _line.Services.Blocks.Pool.MemoryOf(lease)[.._layout.LengthOf(block)];
            await reader.ReadAsync(memory, _layout.OffsetOf(block)).ConfigureAwait(false);
            isRead = true;
        }
        finally
        {
            if (!isRead)
                _line.Services.Blocks.Pool.Return(lease);
        }

        _leases[_read] = lease;
        Volatile.Write(ref _read, _read + 1);
        _waits.OnBlock();
        Post();
    }

    private void Post()
    {
        if (Interlocked.Exchange(ref _isPosted, 1) == 0)
            _line.Owner.Post(this);
    }

    private static IEnumerable<BlockRef> BlocksOf(PieceLayout layout, FetchOrder order)
    {
        long end = order.Offset + order.Length;
        for (long offset = order.Offset; offset < end;)
        {
            PieceIndex piece = layout.PieceAt(offset);
            BlockRef block = new(piece, (int)((offset - layout.OffsetOf(piece)) / Limits.BlockLength));
            offset += layout.LengthOf(block);
            yield return block;
        }
    }
}
