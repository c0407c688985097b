using System.Text;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>Asks a tracker how many peers it knows, with a scrape: an announce would add the asker to them.</summary>
internal static class TrackerScout
{
    /// <summary>Waits until this many peers, seeds or not, have announced themselves.</summary>
    public static async Task UntilPeersAsync(Tracker tracker, SampleTorrent torrent, int count, TimeSpan bound)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
        long known = 0;
        await Wait.UntilAsync(
            async () =>
            {
                known = await CountAsync(http, tracker, torrent);
                return known >= count;
            },
            bound,
            () => $"{count} peers are known to the tracker; {known} are\n{tracker.Log}");
    }

    /// <summary>BEP 48: the scrape URL is the announce URL with the word replaced.</summary>
    private static async Task<long> CountAsync(HttpClient http, Tracker tracker, SampleTorrent torrent)
    {
        byte[] hash = Convert.FromHexString(torrent.InfoHash);
        string url = tracker.AnnounceUrl.Replace("/announce", "/scrape", StringComparison.Ordinal);
        byte[] answer = await http.GetByteArrayAsync(new Uri($"{url}?info_hash={string.Concat(hash.Select(b => $"%{b:x2}"))}"));
        var values = (SortedDictionary<string, object>)Bencode.Read(answer);
        if (!values.TryGetValue("files", out object? files))
            throw new InvalidOperationException("the tracker answered " + Encoding.UTF8.GetString(answer));
        return ((SortedDictionary<string, object>)files).TryGetValue(Encoding.Latin1.GetString(hash), out object? found)
            && found is SortedDictionary<string, object> counts
            ? (long)counts["complete"] + (long)counts["incomplete"] : 0;
    }
}
