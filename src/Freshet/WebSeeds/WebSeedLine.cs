using System.Collections.Concurrent;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;

namespace Freshet.WebSeeds;

/// <summary>A torrent's requests to web seeds. Used on the torrent's loop, but for what its requests look up.</summary>
internal sealed class WebSeedLine(WebSeedServices services, IWebSeedOwner owner)
{
    private readonly Dictionary<(PeerKey Seed, FetchKey Key), WebSeedFetch> _fetches = [];
    private readonly Dictionary<PeerKey, SharedPause> _pauses = [];

    // Where a file was found: every request would be redirected again.
    private readonly ConcurrentDictionary<(string Seed, int File), HttpHop> _found = new();

    public WebSeedServices Services => services;

    public IWebSeedOwner Owner => owner;

    /// <summary>What the torrent holds. Only called while it is known.</summary>
    public TorrentMetainfo Metainfo => owner.Metainfo!;

    /// <summary>Begins a request; the task ends when it has.</summary>
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

    /// <summary>Ends all requests as if the network had.</summary>
    public void Cut(string cause)
    {
        foreach (WebSeedFetch fetch in _fetches.Values)
            fetch.Abort(cause);
    }

    public TimeSpan HeldUp(PeerKey seed, Timestamp now) => _pauses.GetValueOrDefault(seed)?.TotalAt(now) ?? default;

    /// <summary>A request has ended by itself.</summary>
    public void OnEnded(FetchOrder order)
    {
        _fetches.Remove((order.Seed, order.Key));
        if (_fetches.Count == 0)
            _pauses.Clear();
    }

    /// <summary>Where to ask for a file.</summary>
    /// <exception cref="WebSeedException">What the torrent names is no URL.</exception>
    public HttpHop HopFor(string seed, TorrentFile file)
    {
        if (_found.TryGetValue((seed, file.Index), out HttpHop? found))
            return found;
        string url = UrlOf(seed, Metainfo.IsMultiFile, file);
        return Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)
            ? HttpHop.ForWebSeed(uri)
            : throw new WebSeedException(new FetchEnd(FetchFault.Forbidden) { Words = "its URL for a file is not usable" });
    }

    /// <summary>A file was found there, or not any more.</summary>
    public void Remember(string seed, int file, HttpHop? hop)
    {
        if (hop is null)
            _found.TryRemove((seed, file), out _);
        else if (_found.Count < WebSeedLimits.MaxKnownRedirects)
            _found[(seed, file)] = hop;
    }

    /// <summary>
    /// The URL of a file (BEP 19): of a torrent with one file it is the web seed's own, unless that ends in a slash; otherwise the file's
    /// path as the torrent gives it, its name first, is added.
    /// </summary>
    public static string UrlOf(string seed, bool isMultiFile, TorrentFile file) =>
        seed.EndsWith('/') ? seed + file.PathInUrl : isMultiFile ? $"{seed}/{file.PathInUrl}" : seed;
}
