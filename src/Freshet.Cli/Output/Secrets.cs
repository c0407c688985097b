using System.Diagnostics.CodeAnalysis;
using System.Text;
using Freshet.Core.Trackers;

namespace Freshet.Cli.Output;

/// <summary>
/// Hides secrets in logs that people paste into bug reports: the passkeys of private trackers, which are in the path or the query of
/// announce URLs, and passwords.
/// </summary>
internal static class Secrets
{
    private const string Mark = "://";

    /// <summary>The text with the secrets of all URLs in it masked by <see cref="TrackerUrl.Mask"/>.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Mask(string? text)
    {
        if (text is null)
            return null;
        int mark = text.IndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0)
            return text;
        StringBuilder masked = new(text.Length);
        int done = 0;
        for (; mark >= 0; mark = text.IndexOf(Mark, done, StringComparison.Ordinal))
        {
            int start = mark + Mark.Length;
            int end = EndOfUrl(text, start);
            masked.Append(text, done, start - done).Append(TrackerUrl.Mask(text[start..end]));
            done = end;
        }

        return masked.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>A URL ends at white space or a quotation mark, and before the punctuation of its sentence.</summary>
    private static int EndOfUrl(string text, int start)
    {
        int end = start;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or '<' or '>'))
            end++;
        while (end > start && text[end - 1] is '.' or ',' or ';' or ':' or ')' or '…')
            end--;
        return end;
    }
}
