using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Local;

/// <summary>
/// An announce to the local network (BEP 14): the sender has these torrents, and listens for peers on a port of the datagram's source
/// address. The format is that of an HTTP request.
/// </summary>
/// <remarks>
/// <code>
/// BT-SEARCH * HTTP/1.1
/// Host: 239.192.152.143:6771
/// Port: 6881
/// Infohash: 40 hexadecimal digits; repeated for each torrent
/// cookie: anything
/// (two empty lines)
/// </code>
/// </remarks>
internal static class LocalAnnounce
{
    /// <summary>The port of both multicast groups.</summary>
    public const int Port = 6771;

    private const int HexLength = 2 * InfoHash.Length;

    public static System.Net.IPAddress GroupV4 { get; } = new([239, 192, 152, 143]);

    public static System.Net.IPAddress GroupV6 { get; } = System.Net.IPAddress.Parse("ff15::efc0:988f");

    /// <summary>Writes an announce of at most <see cref="LocalLimits.MaxLocalHashes"/> torrents.</summary>
    public static byte[] Write(bool isV6, int port, string cookie, ReadOnlySpan<InfoHash> torrents)
    {
        StringBuilder text = new(LocalLimits.MaxLocalAnnounceLength);
        text.Append("BT-SEARCH * HTTP/1.1\r\nHost: ").Append(isV6 ? $"[{GroupV6}]" : GroupV4.ToString()).Append(':').Append(Port);
        text.Append(CultureInfo.InvariantCulture, $"\r\nPort: {port}\r\n");
        foreach (InfoHash torrent in torrents)
            text.Append("Infohash: ").Append(torrent).Append("\r\n");
        text.Append("cookie: ").Append(cookie).Append("\r\n\r\n\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>
    /// Parses an announce; false if it is invalid. Unknown lines are skipped; torrents beyond the available room are dropped.
    /// </summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="torrents">Receives the info-hashes.</param>
    /// <param name="header">The other fields; refers to the datagram.</param>
    public static bool TryRead(ReadOnlySpan<byte> datagram, Span<InfoHash> torrents, out LocalAnnounceHeader header)
    {
        header = default;
        if (datagram.Length > LocalLimits.MaxLocalAnnounceLength || !TryTakeLine(ref datagram, out ReadOnlySpan<byte> line)
            || !Ascii.EqualsIgnoreCase(line, "BT-SEARCH * HTTP/1.1"u8))
            return false;
        int port = 0;
        int count = 0;
        ReadOnlySpan<byte> cookie = default;
        while (TryTakeLine(ref datagram, out line) && !line.IsEmpty)
        {
            int colon = line.IndexOf((byte)':');
            if (colon <= 0)
                return false;
            ReadOnlySpan<byte> name = line[..colon];
            ReadOnlySpan<byte> value = line[(colon + 1)..];
            value = value[Ascii.Trim(value)];
            if (Ascii.EqualsIgnoreCase(name, "Port"u8))
            {
                // Two different ports are ambiguous.
                if (!TryReadPort(value, out int read) || (port != 0 && port != read))
                    return false;
                port = read;
            }
            else if (Ascii.EqualsIgnoreCase(name, "Infohash"u8))
            {
                if (count < torrents.Length && TryReadHash(value, out torrents[count]))
                    count++;
            }
            else if (Ascii.EqualsIgnoreCase(name, "cookie"u8))
            {
                cookie = value;
            }
        }

        header = new LocalAnnounceHeader { Port = port, Torrents = count, Cookie = cookie };
        return port != 0 && count > 0;
    }

    // The last line may lack its line break.
    private static bool TryTakeLine(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        if (rest.IsEmpty)
        {
            line = default;
            return false;
        }

        int end = rest.IndexOf((byte)'\n');
        line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        return true;
    }

    private static bool TryReadPort(ReadOnlySpan<byte> digits, out int port) =>
        Utf8Parser.TryParse(digits, out port, out int read) && read == digits.Length && port is > 0 and <= ushort.MaxValue;

    private static bool TryReadHash(ReadOnlySpan<byte> digits, out InfoHash hash)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        hash = default;
        if (digits.Length != HexLength)
            return false;
        for (int i = 0; i < bytes.Length; i++)
        {
            int high = HexValue(digits[2 * i]);
            int low = HexValue(digits[(2 * i) + 1]);
            if ((high | low) < 0)
                return false;
            bytes[i] = (byte)((high << 4) | low);
        }

        hash = new InfoHash(bytes);
        return true;
    }

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
