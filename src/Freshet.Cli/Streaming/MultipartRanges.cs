using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Freshet.Cli.Streaming;

/// <summary>The parts around the bytes of several ranges in one answer: multipart/byteranges (RFC 9110, section 14.6).</summary>
/// <param name="ranges">The ranges.</param>
/// <param name="mediaType">The file's media type.</param>
/// <param name="fileLength">The file's length in bytes.</param>
internal sealed class MultipartRanges(IReadOnlyList<ByteRange> ranges, string mediaType, long fileLength)
{
    // Random, so that no file contains it.
    private readonly string _boundary = RandomNumberGenerator.GetHexString(32);

    public string ContentType => $"multipart/byteranges; boundary={_boundary}";

    /// <summary>The end of the answer.</summary>
    public byte[] End => Encoding.ASCII.GetBytes($"\r\n--{_boundary}--\r\n");

    /// <summary>The length of the whole answer in bytes.</summary>
    public long Length => ranges.Sum(range => HeadOf(range).Length + range.Length) + End.Length;

    /// <summary>The header before the bytes of a range.</summary>
    public byte[] HeadOf(ByteRange range) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"\r\n--{_boundary}\r\nContent-Type: {mediaType}\r\n"
        + $"Content-Range: bytes {range.Offset}-{range.Offset + range.Length - 1}/{fileLength}\r\n\r\n"));
}
