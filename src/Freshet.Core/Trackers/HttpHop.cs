using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Trackers;

/// <summary>
/// One request on the way to an answer over HTTP, and where it may go. Torrents come from strangers, and a URL in one could make us ask a
/// router, a program on this machine or a cloud's metadata service, directly, by a redirect, or by a name that resolves to such an
/// address. Hence:
/// <list type="bullet">
/// <item>a host that is local by its own name or address may be asked there, but a tracker only at a path like <c>/announce</c> or
/// <c>/KEY/announce</c>, and on this machine or a link only without a query of its own;</item>
/// <item>a web seed whose host is local may be asked there too, but not on a link, where clouds serve credentials, and only without a
/// query of its own;</item>
/// <item>a tracker or web seed with a public name must have a public address; a URL that the user gave, be it of a tracker, may lead
/// anywhere;</item>
/// <item>a redirect to another host, or to another port of a local host, must lead to a public address; a redirect within a host keeps
/// what its URL was allowed, and the port may change with the change to HTTPS;</item>
/// <item>from HTTPS nothing goes back to HTTP, and after <see cref="TrackerLimits.MaxRedirects"/> redirects it ends.</item>
/// </list>
/// The addresses that names resolve to are held against <see cref="Reach"/> when a connection is made, and only those are connected to.
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

    // What a URL of the host that was asked first may reach, if that host is local and a stranger named it.
    private Func<Uri, AddressReach>? _localRule;

    private HttpHop()
    {
    }

    /// <summary>What to ask.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Where it may be.</summary>
    public required AddressReach Reach { get; init; }

    /// <summary>Why other addresses are not connected to, in words.</summary>
    public required string Restriction { get; init; }

    /// <summary>An announce to a tracker that a torrent names, or a scrape.</summary>
    /// <param name="tracker">The tracker's URL as the torrent has it.</param>
    /// <param name="request">What to ask it: that URL with our parameters.</param>
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

    /// <summary>A file of a web seed that a torrent names (BEP 19).</summary>
    public static HttpHop ForWebSeed(Uri file)
    {
        bool isLocal = LocalHosts.Contains(file.Host);
        return new HttpHop
        {
            Uri = file,
            Reach = isLocal ? ReachOfLocalWebSeed(file) : AddressReach.Public,
            Restriction = isLocal ? OnlyPlainWebSeeds : OnlyPublicWebSeeds,
            _localRule = ReachOfLocalWebSeed,
        };
    }

    /// <summary>A URL that the user gave, or an announce or a scrape by one.</summary>
    public static HttpHop ForUser(Uri url) => new() { Uri = url, Reach = AddressReach.Everywhere, Restriction = "" };

    /// <summary>A URL that somebody gave over a network, who must not reach other places through us.</summary>
    public static HttpHop ForGuest(Uri url) =>
        new() { Uri = url, Reach = AddressReach.Public, Restriction = "only public addresses are asked" };

    /// <summary>The next request after a redirect; false, with the reason in words, if it is not to be followed.</summary>
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
        else if (Uri.Scheme == Uri.UriSchemeHttps && uri.Scheme == Uri.UriSchemeHttp)
            reason = "redirected from HTTPS to HTTP, which is not followed";
        else
            next = Then(uri);
        return next is not null;
    }

    private HttpHop Then(Uri uri)
    {
        bool isSamePlace = string.Equals(uri.IdnHost, Uri.IdnHost, StringComparison.OrdinalIgnoreCase)
            && (uri.Port == Uri.Port || uri.Scheme != Uri.Scheme);
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

    // A tracker that redirects repeats what we asked.
    private static Uri WithoutOurQuery(Uri uri) =>
        uri.Query.StartsWith("?info_hash=", StringComparison.Ordinal) ? new Uri(uri.GetLeftPart(UriPartial.Path)) : uri;

    // /announce, /announce.php, /announce/KEY or /KEY/announce; the same with scrape.
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

    // A host may look well and yet be impossible in the domain name system, which only this exception says.
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
