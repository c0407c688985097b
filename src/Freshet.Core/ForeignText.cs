using System.Globalization;
using System.Text;

namespace Freshet.Core;

/// <summary>Makes text that comes from peers, trackers and links safe to keep and to show: a single line of limited length.</summary>
internal static class ForeignText
{
    // No character takes more than four bytes of UTF-8.
    private const int MostBytesPerChar = 4;

    /// <summary>The text, cut to <paramref name="maxLength"/> chars; bytes that are not UTF-8 become U+FFFD.</summary>
    public static string Clean(ReadOnlySpan<byte> utf8, int maxLength) =>
        Clean(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MostBytesPerChar * maxLength)]), maxLength);

    /// <summary>
    /// The text, trimmed and cut to <paramref name="maxLength"/> chars. Line breaks and tabs become spaces. Everything else that moves the
    /// cursor, changes the writing direction or is not a character becomes U+FFFD, so that one text cannot pass for another.
    /// </summary>
    public static string Clean(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);

        // Fast path: most text is plain ASCII, and every restored torrent has a name.
        if (text.Length <= maxLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text.Trim();
        StringBuilder clean = new(Math.Min(text.Length, maxLength));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > maxLength)
                break;
            if (Rune.IsWhiteSpace(rune))
                clean.Append(' ');
            else if (IsShown(rune))
                clean.Append(rune);
            else
                clean.Append('\uFFFD');
        }

        return clean.ToString().Trim();
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
