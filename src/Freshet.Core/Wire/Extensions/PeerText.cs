using System.Globalization;
using System.Text;

namespace Freshet.Core.Wire.Extensions;

/// <summary>What peers call themselves and their extensions, made safe to keep and to print.</summary>
internal static class PeerText
{
    /// <summary>
    /// The text of at most <see cref="Limits.MaxPeerTextLength"/> bytes of UTF-8, without what moves a cursor or hides letters:
    /// what is no text becomes U+FFFD.
    /// </summary>
    public static string Clean(ReadOnlySpan<byte> utf8)
    {
        StringBuilder text = new();
        ReadOnlySpan<byte> rest = utf8[..Math.Min(utf8.Length, Limits.MaxPeerTextLength)];
        while (!rest.IsEmpty)
        {
            Rune.DecodeFromUtf8(rest, out Rune rune, out int length);
            text.Append((IsText(rune) ? rune : Rune.ReplacementChar).ToString());
            rest = rest[length..];
        }

        return text.ToString();
    }

    private static bool IsText(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
