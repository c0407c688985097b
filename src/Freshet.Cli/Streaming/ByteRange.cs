using Microsoft.Net.Http.Headers;

namespace Freshet.Cli.Streaming;

/// <summary>The part of a file that a request asks for (RFC 9110, section 14).</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="IsPart">Whether it was asked for as a part.</param>
internal readonly record struct ByteRange(long Offset, long Length, bool IsPart)
{
    /// <summary>
    /// Reads a Range header. What is not understood asks for the whole file, and so do several ranges at once, which no player needs.
    /// </summary>
    /// <param name="header">The header; empty if there is none.</param>
    /// <param name="fileLength">Bytes of the file.</param>
    /// <returns>The range; null if the file has no such bytes.</returns>
    public static ByteRange? Of(string? header, long fileLength)
    {
        ByteRange whole = new(0, fileLength, IsPart: false);
        if (string.IsNullOrEmpty(header) || !RangeHeaderValue.TryParse(header, out RangeHeaderValue? parsed)
            || !parsed.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || parsed.Ranges.Count != 1)
        {
            return whole;
        }

        RangeItemHeaderValue range = parsed.Ranges.First();
        if (range.From is not { } from)
        {
            // The last bytes.
            long count = Math.Min(range.To ?? 0, fileLength);
            return count == 0 ? null : new ByteRange(fileLength - count, count, IsPart: true);
        }

        if (from >= fileLength)
            return null;
        long to = Math.Min(range.To ?? long.MaxValue, fileLength - 1);
        return new ByteRange(from, to - from + 1, IsPart: true);
    }
}
