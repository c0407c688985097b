using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.Disk.Files;

namespace Freshet.Persistence;

/// <summary>
/// What may be recorded of a run. A piece may be only after a good flush that followed its verification, with no flush that failed in
/// between; and a file's look is renewed only if we have written the file, so that what others do to it meanwhile shows at the next start.
/// </summary>
/// <remarks>
/// After a flush that failed, the system may have dropped what it could not write, and the next flush succeed all the same. What was
/// verified since the last good one is thus in doubt until it is read again, which the next start does.
/// </remarks>
internal sealed class Evidence
{
    private ImmutableArray<FileStamp> _stamps;
    private Bitfield _durable;

    // Null as long as nothing is.
    private Bitfield? _inDoubt;

    /// <param name="have">What the run begins with. Not to be changed afterwards.</param>
    /// <param name="stamps">What the files looked like before anything was read of them.</param>
    public Evidence(Bitfield have, IReadOnlyList<FileStamp> stamps)
    {
        _durable = have;
        _stamps = stamps is ImmutableArray<FileStamp> array ? array : [.. stamps];
    }

    /// <summary>The pieces that may be recorded.</summary>
    public Bitfield Have => _durable.Clone();

    /// <summary>What the files are to look like, if they are as we left them.</summary>
    public ImmutableArray<FileStamp> Stamps => _stamps;

    /// <summary>Whether there is something verified that may not be recorded.</summary>
    public bool IsInDoubt => _inDoubt is { Count: > 0 };

    /// <summary>A flush failed, some time since the last that is told of here.</summary>
    /// <param name="have">What was verified by then.</param>
    /// <param name="partial">Pieces of which some blocks were written by then: what is verified of them later is no more durable.</param>
    public void OnFlushFailed(Bitfield have, IEnumerable<PieceIndex> partial)
    {
        foreach (PieceIndex piece in partial)
            (_inDoubt ??= new Bitfield(have.Length)).Add(piece);

        for (PieceIndex? piece = have.FirstAtOrAfter(default);
            piece is { } found;
            piece = have.FirstAtOrAfter(new PieceIndex(found.Value + 1)))
        {
            if (!_durable[found])
                (_inDoubt ??= new Bitfield(have.Length)).Add(found);
        }
    }

    /// <summary>Whether what was written of a piece may be lost though flushes have succeeded since.</summary>
    public bool IsPieceInDoubt(PieceIndex piece) => _inDoubt is not null && _inDoubt[piece];

    /// <summary>A flush succeeded.</summary>
    /// <param name="have">What was verified before it began.</param>
    /// <param name="files">The files that we have written.</param>
    /// <param name="stamps">What the files looked like, at a moment up to which everything is durable now.</param>
    public void OnFlushed(Bitfield have, IEnumerable<int> files, IReadOnlyList<FileStamp> stamps)
    {
        _durable = have.Clone();
        for (PieceIndex? piece = _inDoubt?.FirstAtOrAfter(default);
            piece is { } found;
            piece = _inDoubt!.FirstAtOrAfter(new PieceIndex(found.Value + 1)))
            _durable.Remove(found);
        ImmutableArray<FileStamp>.Builder renewed = _stamps.ToBuilder();
        foreach (int file in files)
            renewed[file] = stamps[file];
        _stamps = renewed.MoveToImmutable();
    }
}
