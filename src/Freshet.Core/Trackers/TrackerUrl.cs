using System.Text;

namespace Freshet.Core.Trackers;

/// <summary>Tracker URLs for logs and messages.</summary>
public static class TrackerUrl
{
    private const string Mask4 = "****";

    // A key is longer; what is shorter is a word.
    private const int MaxPlainSegment = 6;

    /// <summary>
    /// The URL without what may identify a user: a name and password, the values of a query, and path segments that are not plainly words
    /// or the names of .torrent files.
    /// <c>https://t.example/0123456789abcdef/announce?uid=7</c> becomes <c>https://t.example/****/announce?uid=****</c>.
    /// </summary>
    /// <param name="url">Any text; what is not a URL is masked as well as it can be.</param>
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
        || segment.EndsWith(".torrent", StringComparison.OrdinalIgnoreCase);

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
