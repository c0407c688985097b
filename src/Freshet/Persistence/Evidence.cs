using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.Disk.Files;

namespace Freshet.Persistence;

/// <summary>
/// What may be recorded of a run. A piece may be recorded only after a successful flush that followed its verification, without a failed
/// flush in between; a file's stamp is renewed only if we have written the file, so that changes by others are noticed at the next start.
/// </summary>
/// <remarks>
/// After a failed flush, the system may have dropped what it could not write, and the next flush may succeed nevertheless. Whatever was
/// verified since the last successful flush is thus in doubt until it is read again, which the next start does.
/// </remarks>
internal sealed class Evidence
{
    private ImmutableArray<FileStamp> _stamps;
    private Bitfield _durable;

    // Null as long as nothing is in doubt.
    private Bitfield? _inDoubt;

    /// <param name="have">The pieces at the start of the run. Must not be modified afterwards.</param>
    /// <param name="stamps">The stamps of the files before anything was read from them.</param>
    public Evidence(Bitfield have, IReadOnlyList<FileStamp> stamps)
    {
        _durable = have;
        _stamps = stamps is ImmutableArray<FileStamp> array ? array : [.. stamps];
    }

    /// <summary>The pieces that may be recorded.</summary>
    public Bitfield Have => _durable.Clone();

    /// <summary>The expected stamps of the files, if they are as we left them.</summary>
    public ImmutableArray<FileStamp> Stamps => _stamps;

    /// <summary>Whether there are verified pieces that may not be recorded.</summary>
    public bool IsInDoubt => _inDoubt is { Count: > 0 };

    /// <summary>A flush has failed since the last one reported here.</summary>
    /// <param name="have">The pieces verified by then.</param>
    /// <param name="partial">Pieces of which some blocks were written by then: verifying them later does not make them durable.</param>
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

    /// <summary>Whether data written for a piece may be lost although later flushes succeeded.</summary>
    public bool IsPieceInDoubt(PieceIndex piece) => _inDoubt is not null && _inDoubt[piece];

    /// <summary>A flush succeeded.</summary>
    /// <param name="have">The pieces verified before it began.</param>
    /// <param name="files">The files that we have written.</param>
    /// <param name="stamps">The stamps of the files at a moment up to which everything is now durable.</param>
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
