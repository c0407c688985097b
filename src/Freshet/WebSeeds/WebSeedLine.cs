using System.Collections.Concurrent;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;

namespace Freshet.WebSeeds;

/// <summary>A torrent's requests to web seeds. Used on the torrent's loop, except for the lookups by its requests.</summary>
internal sealed class WebSeedLine(WebSeedServices services, IWebSeedOwner owner)
{
    private readonly Dictionary<(PeerKey Seed, FetchKey Key), WebSeedFetch> _fetches = [];
    private readonly Dictionary<PeerKey, SharedPause> _pauses = [];

    // The URLs at which files were found: otherwise every request would be redirected again.
    private readonly ConcurrentDictionary<(string Seed, int File), HttpHop> _found = new();

    // What is left of the answers of those who send files only from their beginning, while requests to them are in progress.
    private readonly ConcurrentDictionary<string, FileRest> _rests = new();

    public WebSeedServices Services => services;

    public IWebSeedOwner Owner => owner;

    /// <summary>The torrent's metainfo. Only used while it is known.</summary>
    public TorrentMetainfo Metainfo => owner.Metainfo!;

    /// <summary>Starts a request; the task completes when it has ended.</summary>
    public Task Fetch(FetchOrder order)
    {
        if (!_pauses.TryGetValue(order.Seed, out SharedPause? pause))
            _pauses[order.Seed] = pause = new SharedPause();
        WebSeedFetch fetch = new(this, order, pause);
        _fetches.Add((order.Seed, order.Key), fetch);
        return fetch.Begin();
    }

    public void Abort(PeerKey seed, FetchKey key)
    {
        if (_fetches.Remove((seed, key), out WebSeedFetch? fetch))
            fetch.Abort();
    }

    /// <summary>Ends all requests as if the network had failed.</summary>
    public void Cut(string cause)
    {
        foreach (WebSeedFetch fetch in _fetches.Values)
            fetch.Abort(cause);
    }

    /// <summary>The blocked addresses have changed: what is under way is asked for again, over new connections.</summary>
    public void AskAgain()
    {
        foreach (WebSeedFetch fetch in _fetches.Values)
            fetch.CutShort();
        foreach (string seed in _rests.Keys)
            TakeRest(seed)?.Dispose();
    }

    public TimeSpan HeldUp(PeerKey seed, Timestamp now) => _pauses.GetValueOrDefault(seed)?.TotalAt(now) ?? default;

    public HeldByLimit HeldByLimit(PeerKey seed, Timestamp now) => _pauses.GetValueOrDefault(seed)?.HeldByLimit(now) ?? default;

    /// <summary>Keeps the rest of an answer for the next request.</summary>
    public void KeepRest(FetchOrder order, FileRest rest)
    {
        TakeRest(order.Url)?.Dispose();
        _rests[order.Url] = rest;
    }

    /// <summary>The rest of an answer of a web seed, if there is one; the caller owns it.</summary>
    public FileRest? TakeRest(string seed) => _rests.TryRemove(seed, out FileRest? rest) ? rest : null;

    /// <summary>If nothing more is requested from a web seed, the rest of its answer is not waited for.</summary>
    public void Settle(FetchOrder order)
    {
        if (!_fetches.Keys.Any(fetch => fetch.Seed == order.Seed))
            TakeRest(order.Url)?.Dispose();
    }

    /// <summary>A request has ended by itself.</summary>
    public void OnEnded(FetchOrder order)
    {
        _fetches.Remove((order.Seed, order.Key));
        if (_fetches.Count == 0)
            _pauses.Clear();
    }

    /// <summary>The URL at which a file was found the last time; null if it was at its own.</summary>
    public HttpHop? FoundAt(string seed, TorrentFile file) => _found.GetValueOrDefault((seed, file.Index));

    /// <summary>A file's own URL.</summary>
    /// <exception cref="WebSeedException">The torrent's URL is invalid.</exception>
    public HttpHop HopFor(string seed, TorrentFile file)
    {
        string url = UrlOf(seed, Metainfo.IsMultiFile, file);
        return Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)
            ? HttpHop.ForWebSeed(uri)
            : throw new WebSeedException(new FetchEnd(FetchFault.Forbidden) { Words = "its URL for a file is not usable" });
    }

    /// <summary>Remembers at which URL a file was found, or forgets it.</summary>
    public void Remember(string seed, int file, HttpHop? hop)
    {
        if (hop is null)
            _found.TryRemove((seed, file), out _);
        else if (_found.Count < WebSeedLimits.MaxKnownRedirects)
            _found[(seed, file)] = hop;
    }

    /// <summary>
    /// The URL of a file (BEP 19): for a single-file torrent the web seed's own URL, unless that ends in a slash; otherwise the torrent's
    /// name and the file's path are appended.
    /// </summary>
    public static string UrlOf(string seed, bool isMultiFile, TorrentFile file) =>
        seed.EndsWith('/') ? seed + file.PathInUrl : isMultiFile ? $"{seed}/{file.PathInUrl}" : seed;
}
