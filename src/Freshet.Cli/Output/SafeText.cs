using System.Globalization;

namespace Freshet.Cli.Output;

/// <summary>Makes text from torrents, trackers and peers safe for a terminal.</summary>
internal static class SafeText
{
    /// <summary>
    /// Replaces control characters, which could move the cursor or rewrite earlier output, and marks that change the writing direction and
    /// so make one name look like another.
    /// </summary>
    public static string Of(string? text)
    {
        if (text is null)
            return "";
        return text.Any(IsUnsafe) ? string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = IsUnsafe(source[i]) ? '\uFFFD' : source[i];
        }) : text;
    }

    private static bool IsUnsafe(char character) => char.GetUnicodeCategory(character) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F',
        _ => false,
    };
}
