using System.Numerics;

namespace Freshet.Core.Metainfo;

/// <summary>
/// Chooses the piece length of a new torrent: a power of two that gives 1,024 to 2,048 pieces. With fewer, a peer waits long for its first
/// piece to share; with more, the .torrent file and the protocol overhead grow.
/// </summary>
public static class PieceLengthChooser
{
    /// <summary>The shortest piece length that is chosen: one block.</summary>
    public const int Shortest = Limits.BlockLength;

    /// <summary>The longest piece length that is chosen; some clients refuse longer pieces.</summary>
    public const int Longest = 16 * 1024 * 1024;

    private const int WantedPieces = 2_048;

    /// <summary>Returns the piece length in bytes for the total length of the files in bytes.</summary>
    public static int Choose(long totalLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalLength);
        long least = (totalLength / WantedPieces) + (totalLength % WantedPieces == 0 ? 0 : 1);
        if (least >= LongestUsable(totalLength))
            return LongestUsable(totalLength);
        return (int)Math.Max(Shortest, BitOperations.RoundUpToPowerOf2((ulong)least));
    }

    /// <summary>Above 64 TiB, pieces of 16 MiB would exceed the maximum number of pieces.</summary>
    private static int LongestUsable(long totalLength)
    {
        long longest = Longest;
        while (totalLength / longest >= Limits.MaxPieces && longest < Limits.MaxPieceLength)
            longest *= 2;
        return (int)longest;
    }
}
