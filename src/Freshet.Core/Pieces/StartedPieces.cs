using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Freshet.Core.Pieces;

/// <summary>
/// The pieces that are started and not verified. Each is in one of two lists, depending on whether it has free blocks or only requested
/// ones; pieces that wait for their hash are in neither. Finished instances return to a pool.
/// </summary>
internal sealed class StartedPieces(PieceLayout layout)
{
    private readonly Dictionary<PieceIndex, StartedPiece> _all = [];
    private readonly List<StartedPiece> _withFree = [];
    private readonly List<StartedPiece> _busy = [];
    private readonly Stack<StartedPiece> _pool = [];

    /// <summary>How many pieces may be in progress at once.</summary>
    public static int MostOf(PieceLayout layout) =>
        Math.Clamp(PieceLimits.MaxStartedBlocks / layout.BlocksPerPiece, PieceLimits.MinStartedPieces, PieceLimits.MaxStartedPieces);

    public int Count => _all.Count;

    public Dictionary<PieceIndex, StartedPiece>.ValueCollection All => _all.Values;

    /// <summary>The pieces with free blocks.</summary>
    public ReadOnlySpan<StartedPiece> WithFree => CollectionsMarshal.AsSpan(_withFree);

    /// <summary>The pieces without free blocks that still lack some.</summary>
    public ReadOnlySpan<StartedPiece> Busy => CollectionsMarshal.AsSpan(_busy);

    public bool TryGet(PieceIndex piece, [NotNullWhen(true)] out StartedPiece? started) => _all.TryGetValue(piece, out started);

    public StartedPiece Begin(PieceIndex piece)
    {
        StartedPiece started = _pool.Count > 0 ? _pool.Pop() : new StartedPiece(layout.BlocksPerPiece);
        started.Begin(piece, layout.BlockCountOf(piece));
        _all.Add(piece, started);
        Insert(_withFree, started);
        return started;
    }

    public void End(StartedPiece started)
    {
        if (ListOf(started) is { } list)
            Take(list, started);
        _all.Remove(started.Piece);
        _pool.Push(started);
    }

    /// <summary>Releases the memory kept for further pieces: there are none for now.</summary>
    public void Trim()
    {
        _pool.Clear();
        _pool.TrimExcess();
        _all.TrimExcess();
    }

    /// <summary>The list to which a piece belongs; get it before a change, and pass it to <see cref="Move"/> after.</summary>
    public List<StartedPiece>? ListOf(StartedPiece started) =>
        started.FreeCount > 0 ? _withFree : started.RequestedCount > 0 ? _busy : null;

    /// <summary>Moves a piece to the list to which it now belongs.</summary>
    public void Move(StartedPiece started, List<StartedPiece>? from)
    {
        List<StartedPiece>? to = ListOf(started);
        if (ReferenceEquals(from, to))
            return;
        if (from is not null)
            Take(from, started);
        if (to is not null)
            Insert(to, started);
    }

    private static void Insert(List<StartedPiece> list, StartedPiece started)
    {
        started.ListPlace = list.Count;
        list.Add(started);
    }

    private static void Take(List<StartedPiece> list, StartedPiece started)
    {
        StartedPiece last = list[^1];
        list[started.ListPlace] = last;
        last.ListPlace = started.ListPlace;
        list.RemoveAt(list.Count - 1);
    }
}
