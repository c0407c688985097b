using System.Buffers;
using System.Text;

namespace Freshet.Core.Metainfo;

/// <summary>Paths in URLs: each element is percent-encoded (RFC 3986, section 2.1), whatever its bytes.</summary>
internal static class UrlPath
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    /// <summary>Encodes a plain-text path, with <c>/</c> between elements.</summary>
    public static string Of(string path)
    {
        StringBuilder url = new(path.Length + 16);
        foreach (string element in path.Split('/'))
            Append(url, Encoding.UTF8.GetBytes(element));
        return url.ToString();
    }

    /// <summary>Appends an element, after a <c>/</c> if there are others.</summary>
    public static void Append(StringBuilder url, ReadOnlySpan<byte> element)
    {
        if (url.Length > 0)
            url.Append('/');
        foreach (byte value in element)
        {
            if (Unreserved.Contains(value))
                url.Append((char)value);
            else
                url.Append('%').Append("0123456789ABCDEF"[value >> 4]).Append("0123456789ABCDEF"[value & 15]);
        }
    }
}
