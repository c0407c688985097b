using System.Buffers;
using System.Text;

namespace Freshet.Core.Trackers;

/// <summary>Masks tracker URLs for logs and messages.</summary>
public static class TrackerUrl
{
    private const string Mask4 = "****";

    private static readonly SearchValues<char> LettersAndDigits =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    // Keys are longer; a shorter segment is a word.
    private const int MaxPlainSegment = 6;

    // The name of a file without a separator that is at least as long as this may be a key.
    private const int MinKeyLength = 16;
    private const string TorrentSuffix = ".torrent";

    /// <summary>
    /// The URL without anything that may identify a user: the user name and password, query values, and path segments that are not plain
    /// words or names of .torrent files that look like words. For example, <c>https://t.example/0123456789abcdef/announce?uid=7</c> becomes
    /// <c>https://t.example/****/announce?uid=****</c>.
    /// </summary>
    /// <param name="url">Any text; text that is not a URL is masked as well as possible.</param>
    public static string Mask(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        int authority = url.IndexOf("://", StringComparison.Ordinal);
        authority = authority < 0 ? 0 : authority + 3;
        int length = url.AsSpan(authority).IndexOfAny('/', '?', '#');
        int path = length < 0 ? url.Length : authority + length;
        int query = url.AsSpan(path).IndexOfAny('?', '#');
        query = query < 0 ? url.Length : path + query;

        StringBuilder masked = new(url, 0, authority, url.Length + Mask4.Length);
        int user = url.LastIndexOf('@', Math.Max(path - 1, 0), path - authority);
        if (user >= 0)
            masked.Append(Mask4).Append(url, user, path - user);
        else
            masked.Append(url, authority, path - authority);
        AppendPath(masked, url.AsSpan(path, query - path));
        AppendQuery(masked, url.AsSpan(query));
        return masked.ToString();
    }

    private static void AppendPath(StringBuilder masked, ReadOnlySpan<char> path)
    {
        foreach (Range range in path.Split('/'))
        {
            ReadOnlySpan<char> segment = path[range];
            if (range.Start.Value > 0)
                masked.Append('/');
            masked.Append(IsWord(segment) ? segment : Mask4);
        }
    }

    private static bool IsWord(ReadOnlySpan<char> segment) =>
        segment.Length <= MaxPlainSegment
        || segment is "announce" or "announce.php" or "scrape.php" or "tracker" or "tracker.php" or "download" or "downloads" or "torrents"
        || (segment.EndsWith(TorrentSuffix, StringComparison.OrdinalIgnoreCase) && !MayBeKey(segment[..^TorrentSuffix.Length]));

    private static bool MayBeKey(ReadOnlySpan<char> name) =>
        name.Length >= MinKeyLength && name.IndexOfAnyExcept(LettersAndDigits) < 0 && name.IndexOfAnyInRange('0', '9') >= 0;

    private static void AppendQuery(StringBuilder masked, ReadOnlySpan<char> query)
    {
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> parameter = query[range];
            if (range.Start.Value > 0)
                masked.Append('&');
            int equals = parameter.IndexOf('=');
            masked.Append(equals < 0 ? parameter[..Math.Min(parameter.Length, 1)] : parameter[..(equals + 1)]);
            if (parameter.Length > (equals < 0 ? 1 : equals + 1))
                masked.Append(Mask4);
        }
    }
}
