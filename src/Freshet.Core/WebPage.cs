namespace Freshet.Core;

/// <summary>Recognizes a web page that a server sent instead of bencoded data, for example an error or login page.</summary>
internal static class WebPage
{
    /// <summary>Whether the data begins like HTML or XML.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xef, 0xbb, 0xbf];
        if (data.StartsWith(byteOrderMark))
            data = data[byteOrderMark.Length..];
        data = data.TrimStart(" \t\r\n"u8);
        return data.Length > 1 && data[0] == '<' && (data[1] is (byte)'!' or (byte)'?' || char.IsAsciiLetter((char)data[1]));
    }
}
