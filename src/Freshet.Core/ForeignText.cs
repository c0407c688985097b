using System.Globalization;
using System.Text;

namespace Freshet.Core;

/// <summary>
/// Text that peers, trackers and links give us about themselves, made fit to keep and to show: on one line, and not endless.
/// </summary>
internal static class ForeignText
{
    // No character takes more than four bytes of UTF-8.
    private const int MostBytesPerChar = 4;

    /// <summary>The text of at most so many chars; bytes that are not UTF-8 become U+FFFD.</summary>
    public static string Clean(ReadOnlySpan<byte> utf8, int maxLength) =>
        Clean(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MostBytesPerChar * maxLength)]), maxLength);

    /// <summary>
    /// The text of at most so many chars, without spaces at its ends. Line breaks and tabs become spaces. U+FFFD stands for everything else
    /// that moves a cursor, turns the direction of writing or is not a character, so that no text passes for another.
    /// </summary>
    public static string Clean(ReadOnlySpan<char> text, int maxLength)
    {
        // Most text is so, and every torrent that a session restores has a name.
        if (text.Length <= maxLength && !text.ContainsAnyExceptInRange(' ', '~'))
            return text.Trim().ToString();
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
