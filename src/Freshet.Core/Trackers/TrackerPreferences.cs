using System.Collections.Immutable;
using System.Globalization;

namespace Freshet.Core.Trackers;

/// <summary>
/// What the owner of a host says in DNS about its trackers (BEP 34): the only places where there are any, the preferred ones first. Without
/// a place there is none, and nothing of the host is to be asked.
/// </summary>
/// <remarks>
/// The record of a host is not signed. So it only leads to other ports of the same host, and never away from TLS: with it, whoever forges
/// records learns no passkey.
/// </remarks>
internal sealed record TrackerPreferences
{
    private const string FirstWord = "BITTORRENT";
    private const string Udp = "UDP:";
    private const string Tcp = "TCP:";
    private const int HttpsPort = 443;

    private TrackerPreferences(ImmutableArray<TrackerPlace> places) => Places = places;

    /// <summary>The places, in order of preference.</summary>
    public ImmutableArray<TrackerPlace> Places { get; }

    /// <summary>
    /// Reads the texts of a host: words separated by spaces, of which the first is BITTORRENT, and of the others those count that are
    /// <c>UDP:port</c> or <c>TCP:port</c>; letters are case-sensitive.
    /// </summary>
    /// <returns>Null if none of the texts is about trackers.</returns>
    public static TrackerPreferences? Read(IEnumerable<string> texts)
    {
        string[][] records = [.. texts.Select(static text => text.Split(' ')).Where(static words => words[0] == FirstWord)];
        if (records.Length == 0)
            return null;
        return new TrackerPreferences(
        [
            .. records.SelectMany(static words => words.Skip(1)).Select(PlaceOf).OfType<TrackerPlace>().Distinct()
                .Take(TrackerLimits.MaxPreferredPlaces),
        ]);
    }

    /// <summary>
    /// The URLs to ask instead of a tracker's, one after another until one answers: its own if the host says that a tracker is there,
    /// otherwise one for each place, and after these its own again if it has TLS. None if the host has no tracker.
    /// </summary>
    /// <param name="tracker">A supported URL (<see cref="TrackerAddress"/>) whose host is a name.</param>
    public IReadOnlyList<string> Apply(string tracker)
    {
        Uri uri = new(tracker.Trim());
        bool isUdp = uri.Scheme == UdpTrackerUrl.Scheme;
        if (Places.Contains(new TrackerPlace(isUdp, uri.Port)))
            return [tracker];
        IEnumerable<string> elsewhere = Places.Where(place => MayBeAsked(place, uri)).Select(place => UrlOf(tracker.Trim(), uri, place));

        // The records have no word for TLS, and may have been written without a thought of it.
        return uri.Scheme == Uri.UriSchemeHttps && Places.Length > 0 ? [.. elsewhere, tracker] : [.. elsewhere];
    }

    private static bool MayBeAsked(TrackerPlace place, Uri tracker) => !place.IsUdp || tracker.Scheme != Uri.UriSchemeHttps;

    private static TrackerPlace? PlaceOf(string word)
    {
        bool isUdp = word.StartsWith(Udp, StringComparison.Ordinal);
        if (!isUdp && !word.StartsWith(Tcp, StringComparison.Ordinal))
            return null;
        return ushort.TryParse(word.AsSpan(Udp.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0
            ? new TrackerPlace(isUdp, port)
            : null;
    }

    // What follows host and port stays as it was given: it may have a passkey. Only HTTP has a user and a password.
    private static string UrlOf(string tracker, Uri uri, TrackerPlace place)
    {
        int authority = tracker.IndexOf("://", StringComparison.Ordinal) + 3;
        int length = tracker.AsSpan(authority).IndexOfAny('/', '?', '#');
        string rest = length < 0 ? "" : tracker[(authority + length)..];
        string scheme = place.IsUdp ? UdpTrackerUrl.Scheme
            : uri.Scheme == Uri.UriSchemeHttps || place.Port == HttpsPort ? Uri.UriSchemeHttps
            : Uri.UriSchemeHttp;
        string user = place.IsUdp || uri.UserInfo.Length == 0 ? "" : uri.UserInfo + "@";
        bool lacksPath = uri.Scheme == UdpTrackerUrl.Scheme && !place.IsUdp && uri.PathAndQuery.Length <= 1;
        string port = place.Port.ToString(CultureInfo.InvariantCulture);
        return $"{scheme}://{user}{uri.IdnHost}:{port}{(lacksPath ? "/announce" : rest)}";
    }
}
