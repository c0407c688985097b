using System.Text;

namespace Freshet.Core.Trackers;

/// <summary>What trackers say to people, made fit to be shown: on one line, and not endless.</summary>
internal static class TrackerWords
{
    // No character takes more than four bytes.
    public static string Read(ReadOnlySpan<byte> utf8) =>
        Clean(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * Limits.MaxTrackerMessageLength)]));

    public static string Clean(string text)
    {
        StringBuilder cleaned = new(Math.Min(text.Length, Limits.MaxTrackerMessageLength));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (cleaned.Length + rune.Utf16SequenceLength > Limits.MaxTrackerMessageLength)
                break;
            cleaned.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return cleaned.ToString().Trim();
    }
}
