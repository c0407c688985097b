using System.Text;

namespace Freshet.Cli.Output;

/// <summary>
/// Hides what must not be in a log that people paste into a bug report: the passkeys of private trackers, which stand in the path or the
/// query of announce URLs, and passwords.
/// </summary>
internal static class Secrets
{
    private const string Mark = "://";
    private const string Hidden = "***";

    // Shorter elements are names such as "announce"; passkeys have 20 characters and more, mostly 32.
    private const int ShortestSecret = 16;

    /// <summary>The text with the secrets of all URLs in it replaced by <c>***</c>.</summary>
    public static string Mask(string text)
    {
        int mark = text.IndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0)
            return text;
        StringBuilder masked = new(text.Length);
        int done = 0;
        for (; mark >= 0; mark = text.IndexOf(Mark, done, StringComparison.Ordinal))
        {
            int start = mark + Mark.Length;
            int end = EndOfUrl(text, start);
            masked.Append(text, done, start - done);
            MaskUrl(masked, text.AsSpan(start, end - start));
            done = end;
        }

        return masked.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>A URL ends at white space or a quotation mark, and before the punctuation of the sentence that it stands in.</summary>
    private static int EndOfUrl(string text, int start)
    {
        int end = start;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or '<' or '>'))
            end++;
        while (end > start && text[end - 1] is '.' or ',' or ';' or ':' or ')' or '…')
            end--;
        return end;
    }

    private static void MaskUrl(StringBuilder masked, ReadOnlySpan<char> url)
    {
        int query = url.IndexOf('?');
        ReadOnlySpan<char> path = query < 0 ? url : url[..query];
        bool isHost = true;
        foreach (Range range in path.Split('/'))
        {
            ReadOnlySpan<char> element = path[range];
            if (isHost)
                masked.Append(element.LastIndexOf('@') is >= 0 and int at ? Hidden + element[at..].ToString() : element);
            else
                masked.Append('/').Append(IsSecret(element) ? Hidden : element);
            isHost = false;
        }

        if (query >= 0)
            MaskQuery(masked, url[query..]);
    }

    private static void MaskQuery(StringBuilder masked, ReadOnlySpan<char> query)
    {
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> parameter = query[range];
            int equals = parameter.IndexOf('=');
            if (range.Start.Value > 0)
                masked.Append('&');
            masked.Append(equals < 0 ? parameter : parameter[..(equals + 1)]);
            if (equals >= 0 && equals < parameter.Length - 1)
                masked.Append(Hidden);
        }
    }

    private static bool IsSecret(ReadOnlySpan<char> element)
    {
        if (element.Length < ShortestSecret || element.EndsWith(".torrent", StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (char character in element)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
                return false;
        }

        return true;
    }
}
