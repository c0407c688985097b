using System.Runtime.CompilerServices;

namespace Freshet.Fuzz.Coverage;

/// <summary>
/// What instrumented code counts: how often control went from one basic block to the next, by a hash of the two. Only the thread that runs
/// the target runs instrumented code.
/// </summary>
public static class EdgeCounters
{
    /// <summary>Room for the edges of all parsers, so that few share a counter.</summary>
    public const int Count = 1 << 16;

    private static readonly byte[] Counters = new byte[Count];
    private static int _previous;

    /// <summary>Instrumented code calls this at the start of each basic block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Hit(int block)
    {
        Counters[(block ^ _previous) & (Count - 1)]++;

        // Halved, so that the edge from a to b differs from the edge from b to a.
        _previous = block >> 1;
    }

    /// <summary>Begins a run.</summary>
    internal static void Clear()
    {
        Counters.AsSpan().Clear();
        _previous = 0;
    }

    /// <summary>The counts of the last run.</summary>
    internal static ReadOnlySpan<byte> Last => Counters;
}
