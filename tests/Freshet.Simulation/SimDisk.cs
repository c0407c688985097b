using System.Collections.Immutable;
using System.Security.Cryptography;
using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>
/// A peer's disk. What it is asked for it does in order, each thing after its latency. What is written is in the system's cache
/// until it is flushed; when the power fails the cache is gone.
/// </summary>
internal sealed class SimDisk(SimClock clock, SimContent content, SimPool pool, ISimDiskOwner owner)
{
    private readonly byte[] _cached = new byte[content.Bytes.Length];
    private readonly byte[] _durable = new byte[content.Bytes.Length];
    private readonly Dictionary<PieceIndex, Bitfield> _written = [];
    private readonly HashSet<PieceIndex> _failed = [];
    private Timestamp _free = clock.Now;
    private int _boot;

    /// <summary>For each thing it is asked.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether there is no space: writing fails.</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether nothing can be read.</summary>
    public bool CannotRead { get; set; }

    /// <summary>The bytes as programs see them.</summary>
    public byte[] Bytes => _cached;

    /// <summary>Does nothing for a while, as a network's disk does when its network fails; then goes on.</summary>
    public void Hang(TimeSpan time) => _free = (_free > clock.Now ? _free : clock.Now) + time;

    /// <summary>Puts the original there, as on a seed's disk.</summary>
    public void Fill()
    {
        content.Bytes.CopyTo(_cached, 0);
        content.Bytes.CopyTo(_durable, 0);
    }

    /// <summary>These blocks of a piece are there from an earlier run.</summary>
    public void Restore(PartialPiece partial)
    {
        if (Bitfield.TryParse(partial.Blocks.Span, content.Layout.BlockCountOf(partial.Piece), out Bitfield blocks))
            _written[partial.Piece] = blocks;
    }

    public void Write(BlockRef block, BlockLease lease) => Enqueue(1, () =>
    {
        BlockRange range = content.Layout.RangeOf(block);
        if (IsFull)
        {
            pool.Return(lease);
            owner.OnDiskFailed(new DiskFailure(DiskOperation.Write, "no space left on the simulated disk", [block.Piece]));
            return;
        }

        pool.BytesOf(lease).AsSpan(0, range.Length).CopyTo(content.Of(_cached, range));
        pool.Return(lease);
        if (!_written.TryGetValue(block.Piece, out Bitfield? blocks))
            _written[block.Piece] = blocks = new Bitfield(content.Layout.BlockCountOf(block.Piece));
        blocks.Add(new PieceIndex(block.Index));
        if (!blocks.IsFull)
            return;
        _written.Remove(block.Piece);
        owner.OnPieceHashed(Judge(block.Piece));
    }, lost: () => pool.Return(lease));

    public void Discard(PieceIndex piece) => Enqueue(0, () => _written.Remove(piece));

    public void Check(Bitfield pieces)
    {
        Bitfield toCheck = pieces.Clone();
        for (PieceIndex? next = toCheck.FirstAtOrAfter(default); next is { } piece; next = toCheck.FirstAtOrAfter(new(piece.Value + 1)))
            Enqueue(1, () => CheckOne(piece));
        Enqueue(0, owner.OnCheckFinished);
    }

    public void Probe() => Enqueue(1, () =>
    {
        if (IsFull || CannotRead)
            owner.OnDiskFailed(new DiskFailure(DiskOperation.Write, "the simulated disk fails still", []));
        else
            owner.OnDiskRecovered();
    });

    /// <summary>Makes durable what was asked to be written before, then tells of which pieces it has parts.</summary>
    public void Flush(Action<ImmutableArray<PartialPiece>> done) => Enqueue(5, () =>
    {
        _cached.CopyTo(_durable, 0);
        done([.. _written.Select(piece => new PartialPiece(piece.Key, piece.Value.ToArray()))]);
    });

    /// <summary>A block's bytes for a peer; null if they cannot be read.</summary>
    public byte[]? Read(BlockRange range) => CannotRead ? null : content.Of(_cached, range).ToArray();

    /// <summary>The program is killed: what it asked for and was not done is lost. If the power fails too, so is what was not flushed.</summary>
    public void Crash(bool powerFails)
    {
        _boot++;
        _written.Clear();
        if (powerFails)
            _durable.CopyTo(_cached, 0);
    }

    private PieceVerdict Judge(PieceIndex piece)
    {
        bool isGood = content.HasHash(piece, content.Of(_cached, piece));
        if (isGood && !_failed.Remove(piece))
            return new PieceVerdict(piece, isGood);
        if (!isGood)
            _failed.Add(piece);
        IEnumerable<BlockRef> blocks = Enumerable.Range(0, content.Layout.BlockCountOf(piece)).Select(block => new BlockRef(piece, block));
        return new PieceVerdict(
            piece, isGood, [.. blocks.Select(block => new Bytes20(SHA1.HashData(content.Of(_cached, content.Layout.RangeOf(block)))))]);
    }

    private void CheckOne(PieceIndex piece)
    {
        if (CannotRead)
            owner.OnDiskFailed(new DiskFailure(DiskOperation.Check, "the simulated disk cannot be read", [piece]));
        else
            owner.OnPieceChecked(piece, content.HasHash(piece, content.Of(_cached, piece)));
    }

    private void Enqueue(int cost, Action action, Action? lost = null)
    {
        int boot = _boot;
        _free = (_free > clock.Now ? _free : clock.Now) + (Latency * cost);
        clock.At(_free, () =>
        {
            if (boot == _boot)
                action();
            else
                lost?.Invoke();
        });
    }
}
