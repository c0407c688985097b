using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Trackers;

/// <summary>
/// One request, of possibly several redirects, that leads to an answer over HTTP, and the addresses it may connect to. Torrents come from
/// strangers, and a URL in one could make us send requests to a router, a program on this machine or a cloud's metadata service, directly,
/// by a redirect, or through a host name that resolves to such an address. Hence:
/// <list type="bullet">
/// <item>a host that is local by its own name or address is allowed, but a tracker only with a path like <c>/announce</c> or
/// <c>/KEY/announce</c>, and on this machine or a link-local address only without a query of its own;</item>
/// <item>a web seed on a local host is allowed too, but only without a query of its own, and never at a link-local address, where clouds
/// serve credentials;</item>
/// <item>a tracker or web seed with a public host name must have a public address; a URL from the user, including a tracker's, may lead
/// anywhere;</item>
/// <item>a redirect to another host, or to another port of a local host, must lead to a public address; a redirect within a host keeps what
/// its URL was allowed, and the port may change when switching to HTTPS;</item>
/// <item>there are no more than <see cref="TrackerLimits.MaxRedirects"/> redirects, and none from HTTPS to HTTP, except those of web seeds:
/// every byte that they send is hashed, and some services for mirrors redirect this way.</item>
/// </list>
/// Resolved addresses are checked against <see cref="Reach"/> when a connection is made, and only allowed ones are connected to.
/// </summary>
internal sealed record HttpHop
{
    private const string OnlyAnnouncePaths =
        "a tracker on a local address is asked only at a path like /announce, and on this machine only without a query of its own";

    private const string OnlyPublicAddresses =
        "a tracker with a public name is not looked for on a local network or on this machine";

    private const string OnlyPlainWebSeeds = "a web seed on a local address is asked only without a query of its own, and never on a link";

    private const string OnlyPublicWebSeeds =
        "a web seed with a public name is not looked for on a local network or on this machine";

    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private int _redirects;

    private bool _mayLeaveHttps;

    // What URLs on the first host may reach, if that host is local and the URL came from a stranger.
    private Func<Uri, AddressReach>? _localRule;

    private HttpHop()
    {
    }

    /// <summary>The URL to request.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The addresses that it may connect to.</summary>
    public required AddressReach Reach { get; init; }

    /// <summary>Why other addresses are not allowed, as text.</summary>
    public required string Restriction { get; init; }

    /// <summary>Whether it comes from a redirect.</summary>
    public bool IsRedirected => _redirects > 0;

    /// <summary>An announce or a scrape to a tracker named in a torrent.</summary>
    /// <param name="tracker">The tracker's URL as given in the torrent.</param>
    /// <param name="request">The URL to request: the tracker's URL with our parameters.</param>
    public static HttpHop ForTracker(Uri tracker, Uri request)
    {
        bool isLocal = LocalHosts.Contains(tracker.Host);
        return new HttpHop
        {
            Uri = request,
            Reach = isLocal ? ReachOfLocalTracker(tracker) : AddressReach.Public,
            Restriction = isLocal ? OnlyAnnouncePaths : OnlyPublicAddresses,
            _localRule = static uri => ReachOfLocalTracker(WithoutOurQuery(uri)),
        };
    }

    /// <summary>A file of a web seed named in a torrent (BEP 19).</summary>
    public static HttpHop ForWebSeed(Uri file)
    {
        bool isLocal = LocalHosts.Contains(file.Host);
        return new HttpHop
        {
            Uri = file,
            Reach = isLocal ? ReachOfLocalWebSeed(file) : AddressReach.Public,
            Restriction = isLocal ? OnlyPlainWebSeeds : OnlyPublicWebSeeds,
            _localRule = ReachOfLocalWebSeed,
            _mayLeaveHttps = true,
        };
    }

    /// <summary>A URL from the user, or an announce or a scrape based on one.</summary>
    public static HttpHop ForUser(Uri url) => new() { Uri = url, Reach = AddressReach.Everywhere, Restriction = "" };

    /// <summary>A URL received over a network, from somebody who must not reach other places through us.</summary>
    public static HttpHop ForGuest(Uri url) =>
        new() { Uri = url, Reach = AddressReach.Public, Restriction = "only public addresses are asked" };

    /// <summary>The next request after a redirect; false, with the reason as text, if the redirect must not be followed.</summary>
    public bool TryFollow(string location, [NotNullWhen(true)] out HttpHop? next, [NotNullWhen(false)] out string? reason)
    {
        next = null;
        reason = null;
        if (_redirects == TrackerLimits.MaxRedirects)
            reason = $"redirected more than {TrackerLimits.MaxRedirects} times";
        else if (!Uri.TryCreate(Uri, location, out Uri? uri) || !HasUsableHost(uri))
            reason = "redirected to something that is not a URL";
        else if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            reason = $"redirected to a URL that begins with {uri.Scheme}:, which is not followed";
        else if (Uri.Scheme == Uri.UriSchemeHttps && uri.Scheme == Uri.UriSchemeHttp && !_mayLeaveHttps)
            reason = "redirected from HTTPS to HTTP, which is not followed";
        else
            next = Then(uri);
        return next is not null;
    }

    private HttpHop Then(Uri uri)
    {
        bool isSamePort = uri.Port == Uri.Port
            || (uri.Scheme != Uri.Scheme && (uri.Scheme == Uri.UriSchemeHttps || (uri.IsDefaultPort && Uri.IsDefaultPort)));
        bool isSamePlace = isSamePort && string.Equals(uri.IdnHost, Uri.IdnHost, StringComparison.OrdinalIgnoreCase);
        AddressReach reach = !isSamePlace ? AddressReach.Public : _localRule is { } rule ? Reach & rule(uri) : Reach;
        return this with
        {
            Uri = uri,
            Reach = reach,
            Restriction = isSamePlace ? Restriction : "redirects do not lead to other hosts on a local network or on this machine",
            _redirects = _redirects + 1,
        };
    }

    private static AddressReach ReachOfLocalTracker(Uri tracker) =>
        !IsAnnouncePath(tracker.AbsolutePath) ? AddressReach.Public
        : tracker.Query.Length > 1 ? AddressReach.Private
        : AddressReach.Everywhere;

    private static AddressReach ReachOfLocalWebSeed(Uri file) =>
        file.Query.Length > 1 ? AddressReach.Public : AddressReach.Private | AddressReach.Loopback;

    // A tracker's redirect repeats our parameters.
    private static Uri WithoutOurQuery(Uri uri) =>
        uri.Query.StartsWith("?info_hash=", StringComparison.Ordinal) ? new Uri(uri.GetLeftPart(UriPartial.Path)) : uri;

    // Accepts /announce, /announce.php, /announce/KEY and /KEY/announce, and the same with scrape.
    private static bool IsAnnouncePath(string path)
    {
        string[] segments = path.TrimStart('/').Split('/');
        return segments.Length <= 2 && Array.TrueForAll(segments, IsPlain) && Array.Exists(segments, IsAnnounceWord);
    }

    private static bool IsPlain(string segment) =>
        segment.Length > 0 && segment[0] != '.'
        && segment.AsSpan().IndexOfAnyExcept(PlainCharacters) < 0;

    private static bool IsAnnounceWord(string segment)
    {
        string word = segment.Split('.')[0];
        return word is "announce" or "scrape";
    }

    // A host may be syntactically valid and still impossible in DNS; the only way to find out is this exception.
    private static bool HasUsableHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
