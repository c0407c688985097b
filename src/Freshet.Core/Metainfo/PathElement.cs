using System.Buffers;
using System.Text;

namespace Freshet.Core.Metainfo;

/// <summary>Makes a single path element safe.</summary>
internal static class PathElement
{
    /// <summary>Replaces an element that is empty, <c>.</c> or <c>..</c>.</summary>
    public const string Placeholder = "_";

    /// <summary>Anything longer is not treated as an extension and need not survive a cut.</summary>
    private const int MaxExtensionLength = 16;

    /// <summary>More than this is not worth decoding, since the result is cut to 255 bytes.</summary>
    private const int MaxRawLength = 4 * 1024;

    private static readonly SearchValues<byte> PlainBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !#$%&'()+,-.;=@[]^_`{}~"u8);

    private static readonly SearchValues<char> WindowsForbids = SearchValues.Create("<>:\"|?*\\");

    private static readonly Encoding Decoder =
        Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback(Placeholder));

    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$"];

    /// <summary>
    /// Whether the bytes are safe as they are under any rules: plain ASCII, short, no trailing dot or space, no device name. Other elements
    /// may still be safe; <see cref="Clean(ReadOnlySpan{byte}, PathRules, out bool)"/> decides.
    /// </summary>
    public static bool IsPlain(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty || raw.Length > MetainfoLimits.MaxPathElementBytes || raw[^1] is (byte)'.' or (byte)' '
            || raw.ContainsAnyExcept(PlainBytes))
            return false;
        Span<char> text = stackalloc char[MetainfoLimits.MaxPathElementBytes];
        return !IsDevice(text[..Encoding.ASCII.GetChars(raw, text)]);
    }

    /// <summary>
    /// Returns an element that can be stored, unchanged if possible: at most 255 bytes of UTF-8, never empty. Bytes that are not UTF-8 are
    /// replaced, since .NET cannot open a file with such a name.
    /// </summary>
    public static string Clean(ReadOnlySpan<byte> raw, PathRules rules, out bool changed)
    {
        string clean = Fit(Clean(Decoder.GetString(Shorten(raw)), rules), rules);
        changed = !raw.SequenceEqual(Encoding.UTF8.GetBytes(clean));
        return clean;
    }

    /// <summary>Inserts a number before the extension, within 255 bytes: <c>film.mkv</c> becomes <c>film.1.mkv</c>.</summary>
    public static string WithNumber(ReadOnlySpan<char> element, int number)
    {
        int dot = ExtensionStart(element);
        return Fit(element[..dot], $".{number}{element[dot..]}");
    }

    private static string Clean(string text, PathRules rules)
    {
        bool isPortable = rules == PathRules.Portable;
        var clean = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (isPortable && ChangesDirection(c))
                continue;
            bool bad = c is '/' or '\0' || (isPortable && (char.IsControl(c) || WindowsForbids.Contains(c)));
            clean.Append(bad ? '_' : c);
        }

        if (isPortable)
        {
            TrimEnd(clean);
            if (IsDevice(clean.ToString()))
                clean.Insert(0, '_');
        }

        string element = clean.ToString();
        return element is "" or "." or ".." ? Placeholder : element;
    }

    private static string Fit(string element, PathRules rules)
    {
        if (Encoding.UTF8.GetByteCount(element) <= MetainfoLimits.MaxPathElementBytes)
            return element;
        int dot = ExtensionStart(element);
        string cut = Fit(element.AsSpan(0, dot), element.AsSpan(dot));
        return rules == PathRules.Portable ? cut.TrimEnd('.', ' ') : cut;
    }

    /// <summary>Cuts the stem, never within a character, so that it fits in 255 bytes together with the end.</summary>
    private static string Fit(ReadOnlySpan<char> stem, ReadOnlySpan<char> end)
    {
        int room = MetainfoLimits.MaxPathElementBytes - Encoding.UTF8.GetByteCount(end);
        int kept = 0;
        foreach (Rune rune in stem.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
                break;
            kept += rune.Utf16SequenceLength;
        }

        return string.Concat(stem[..kept], end);
    }

    private static int ExtensionStart(ReadOnlySpan<char> element)
    {
        int dot = element.LastIndexOf('.');
        return dot <= 0 || element.Length - dot > MaxExtensionLength ? element.Length : dot;
    }

    private static void TrimEnd(StringBuilder text)
    {
        int length = text.Length;
        while (length > 0 && text[length - 1] is '.' or ' ')
            length--;
        text.Length = length;
    }

    /// <summary>Marks that change the writing direction, with which <c>gpj.exe</c> could be shown as <c>exe.jpg</c>.</summary>
    private static bool ChangesDirection(char c) =>
        c is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>Windows treats these names as devices, whatever the extension: CON, NUL.txt, com1.</summary>
    private static bool IsDevice(ReadOnlySpan<char> element)
    {
        int dot = element.IndexOf('.');
        ReadOnlySpan<char> stem = (dot < 0 ? element : element[..dot]).TrimEnd(' ');
        if (stem.Length == 4
            && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)))
            return stem[3] is (>= '0' and <= '9') or '\u00B9' or '\u00B2' or '\u00B3';
        foreach (string device in Devices)
        {
            if (stem.Equals(device, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<byte> Shorten(ReadOnlySpan<byte> raw)
    {
        if (raw.Length <= MaxRawLength)
            return raw;
        byte[] ends = new byte[MaxRawLength];
        raw[..(MaxRawLength - 64)].CopyTo(ends);
        raw[^64..].CopyTo(ends.AsSpan(MaxRawLength - 64));
        return ends;
    }
}
