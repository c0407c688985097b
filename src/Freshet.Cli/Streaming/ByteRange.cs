using Microsoft.Net.Http.Headers;

namespace Freshet.Cli.Streaming;

/// <summary>A part of a file requested over HTTP (RFC 9110, section 14).</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="IsPart">Whether it was requested as a range.</param>
internal readonly record struct ByteRange(long Offset, long Length, bool IsPart)
{
    /// <summary>The maximum number of ranges in a request. Players ask for one; a request for more than this gets the whole file.</summary>
    public const int MaxRanges = 8;

    /// <summary>
    /// Parses a Range header: the requested ranges, in order. A header that is invalid, or asks for the same bytes twice, gives the whole
    /// file.
    /// </summary>
    /// <param name="header">The header; empty if there is none.</param>
    /// <param name="fileLength">The file's length in bytes.</param>
    /// <returns>The ranges; none if the file has no such bytes.</returns>
    public static IReadOnlyList<ByteRange> AllOf(string? header, long fileLength)
    {
        ByteRange[] whole = [new(0, fileLength, IsPart: false)];
        if (string.IsNullOrEmpty(header) || !RangeHeaderValue.TryParse(header, out RangeHeaderValue? parsed)
            || !parsed.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || parsed.Ranges.Count is 0 or > MaxRanges)
        {
            return whole;
        }

        List<ByteRange> ranges = [];
        foreach (RangeItemHeaderValue range in parsed.Ranges)
        {
            if (Of(range, fileLength) is { } known)
                ranges.Add(known);
        }

        return ranges.Count > 1 && OverlapsAny(ranges) ? whole : ranges;
    }

    private static ByteRange? Of(RangeItemHeaderValue range, long fileLength)
    {
        if (range.From is not { } from)
        {
            // A suffix range: the last bytes.
            long count = Math.Min(range.To ?? 0, fileLength);
            return count == 0 ? null : new ByteRange(fileLength - count, count, IsPart: true);
        }

        if (from >= fileLength)
            return null;
        long to = Math.Min(range.To ?? long.MaxValue, fileLength - 1);
        return new ByteRange(from, to - from + 1, IsPart: true);
    }

    private static bool OverlapsAny(List<ByteRange> ranges)
    {
        ByteRange[] sorted = [.. ranges.OrderBy(range => range.Offset)];
        return Enumerable.Range(1, sorted.Length - 1).Any(i => sorted[i - 1].Offset + sorted[i - 1].Length > sorted[i].Offset);
    }
}
