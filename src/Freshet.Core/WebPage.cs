namespace Freshet.Core;

/// <summary>What servers send where bencoded data was: a page that says it is gone, or asks to log in first.</summary>
internal static class WebPage
{
    /// <summary>Whether data begins as HTML and XML do.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xef, 0xbb, 0xbf];
        if (data.StartsWith(byteOrderMark))
            data = data[byteOrderMark.Length..];
        data = data.TrimStart(" \t\r\n"u8);
        return data.Length > 1 && data[0] == '<' && (data[1] is (byte)'!' or (byte)'?' || char.IsAsciiLetter((char)data[1]));
    }
}
