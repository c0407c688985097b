using System.Numerics;

namespace Freshet.Core.Metainfo;

/// <summary>
/// Chooses how long the pieces of a new torrent are: a power of two that makes 1,024 to 2,048 of them. Fewer make a peer wait
/// long for the first piece it can share; more make a large .torrent and more talk.
/// </summary>
public static class PieceLengthChooser
{
    /// <summary>The shortest that is chosen: one block.</summary>
    public const int Shortest = Limits.BlockLength;

    /// <summary>The longest that is chosen; some clients refuse more.</summary>
    public const int Longest = 16 * 1024 * 1024;

    private const int WantedPieces = 2_048;

    /// <summary>Gives bytes of a piece for so many bytes of files.</summary>
    public static int Choose(long totalLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalLength);
        long least = (totalLength / WantedPieces) + (totalLength % WantedPieces == 0 ? 0 : 1);
        if (least >= LongestUsable(totalLength))
            return LongestUsable(totalLength);
        return (int)Math.Max(Shortest, BitOperations.RoundUpToPowerOf2((ulong)least));
    }

    /// <summary>Beyond 64 TiB pieces of 16 MiB would be more than a torrent may have.</summary>
    private static int LongestUsable(long totalLength)
    {
        long longest = Longest;
        while (totalLength / longest >= Limits.MaxPieces && longest < Limits.MaxPieceLength)
            longest *= 2;
        return (int)longest;
    }
}
