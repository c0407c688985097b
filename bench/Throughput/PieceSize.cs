using System.Globalization;
using System.Numerics;

namespace Freshet.Throughput;

/// <summary>Parses piece lengths of the command line.</summary>
internal static class PieceSize
{
    private const int Least = 16;
    private const int Most = 64 * 1024;

    /// <summary>Reads <c>16KiB</c> or <c>4MiB</c>; null if it is not a power of two that torrents can have.</summary>
    public static int? KiB(string? text)
    {
        int unit = text?.EndsWith("MiB", StringComparison.Ordinal) == true ? 1024 : 1;
        bool isSize = text is { Length: > 3 } && (unit > 1 || text.EndsWith("KiB", StringComparison.Ordinal));
        return isSize && int.TryParse(text.AsSpan(..^3), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && value is > 0 and <= Most && BitOperations.IsPow2(value) && value * unit is >= Least and <= Most
            ? value * unit
            : null;
    }
}
