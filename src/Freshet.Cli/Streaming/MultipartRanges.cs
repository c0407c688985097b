using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Freshet.Cli.Streaming;

/// <summary>What stands between the bytes of several ranges in one answer: multipart/byteranges (RFC 9110, section 14.6).</summary>
/// <param name="ranges">The ranges.</param>
/// <param name="mediaType">The file's type.</param>
/// <param name="fileLength">Bytes of the file.</param>
internal sealed class MultipartRanges(IReadOnlyList<ByteRange> ranges, string mediaType, long fileLength)
{
    // No file holds it but by chance.
    private readonly string _boundary = RandomNumberGenerator.GetHexString(32);

    public string ContentType => $"multipart/byteranges; boundary={_boundary}";

    /// <summary>What ends the answer.</summary>
    public byte[] End => Encoding.ASCII.GetBytes($"\r\n--{_boundary}--\r\n");

    /// <summary>Bytes of the whole answer.</summary>
    public long Length => ranges.Sum(range => HeadOf(range).Length + range.Length) + End.Length;

    /// <summary>What comes before the bytes of a range.</summary>
    public byte[] HeadOf(ByteRange range) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"\r\n--{_boundary}\r\nContent-Type: {mediaType}\r\n"
        + $"Content-Range: bytes {range.Offset}-{range.Offset + range.Length - 1}/{fileLength}\r\n\r\n"));
}
