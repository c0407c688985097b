using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;

namespace Freshet.Tracker;

/// <summary>Options of a tracker. The defaults suit a private swarm as well as a medium-sized public tracker.</summary>
public sealed record TrackerOptions
{
    /// <summary>
    /// The HTTP endpoints. Port 0 takes any free port; <c>[::]</c> serves IPv4 too. By default only this machine is served, on port 6969,
    /// so that a tracker is opened to others deliberately.
    /// </summary>
    public ImmutableArray<IPEndPoint> HttpEndPoints { get; init; } = [new(IPAddress.Loopback, 6969), new(IPAddress.IPv6Loopback, 6969)];

    /// <summary>
    /// The UDP endpoints (BEP 15); none by default. Port 0 takes any free port; <c>[::]</c> serves IPv4 too. The port number may be the
    /// same as for HTTP.
    /// </summary>
    public ImmutableArray<IPEndPoint> UdpEndPoints { get; init; } = [];

    /// <summary>
    /// How often peers should announce: 5 seconds to a day, 15 minutes by default. A short interval costs traffic; a long one leaves dead
    /// peers in the answers.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The minimum interval between a peer's regular announces: up to <see cref="Interval"/>, 1 minute by default. An announce before three
    /// quarters of it have passed is answered without peers; 0 allows any.
    /// </summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The number of peers in an answer if the client does not specify it: 0 to <see cref="MaxNumWant"/>, 50 by default.</summary>
    public int DefaultNumWant { get; init; } = 50;

    /// <summary>The maximum number of peers in an answer: 1 to 2,000, 200 by default. An IPv6 peer takes 18 bytes.</summary>
    public int MaxNumWant { get; init; } = 200;

    /// <summary>
    /// The maximum number of torrents: 1 to 10 million, 100,000 by default. When it is reached, a torrent with few peers is removed.
    /// </summary>
    public int MaxTorrents { get; init; } = 100_000;

    /// <summary>
    /// The maximum number of peers of one torrent: 1 to 1 million, 10,000 by default. When it is reached, a peer of an address that has
    /// many is removed.
    /// </summary>
    public int MaxPeersPerTorrent { get; init; } = 10_000;

    /// <summary>
    /// The maximum number of peers in total: 1 to 100 million, 1 million by default. A peer with its own address takes about 140 bytes of
    /// the process's memory.
    /// </summary>
    public int MaxPeers { get; init; } = 1_000_000;

    /// <summary>
    /// The maximum number of concurrent connections: 1 to 100,000, 1,000 by default. Further ones are closed on arrival, and so are those
    /// of an IPv4 address or IPv6 /64 that has a sixteenth of them, except for <see cref="TrustedProxies"/> and this machine. While more
    /// than a quarter is open, connections end with their answer, since a client that keeps one needs it only a quarter of an hour later.
    /// </summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>
    /// Networks of proxies that are trusted to report the client's address in <c>X-Forwarded-For</c>; none by default. If the proxy's own
    /// address is missing here, everyone behind it seems to be the proxy. Whoever holds an address that is listed here by mistake can
    /// pretend to be anyone.
    /// </summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>
    /// Networks whose peers may announce an address other than their own (<c>ip=</c>); none by default, since such a peer can make a swarm
    /// connect to a victim (BEP 7). Useful if the tracker and some peers share a private network, and other peers reach those from outside.
    /// </summary>
    public ImmutableArray<IPNetwork> TrustAnnouncedAddressFrom { get; init; } = [];

    /// <summary>
    /// The maximum number of announces per second from one IPv4 address or IPv6 /64, with bursts of up to twenty seconds' worth: 1 to
    /// 100,000, 50 by default. Further ones are refused with the advice to retry in a minute. Many peers may share one address, and one
    /// peer may have thousands of torrents.
    /// </summary>
    public int MaxAnnouncesPerSecond { get; init; } = 50;

    /// <summary>
    /// The maximum number of peers of one IPv4 address or IPv6 /64, in all torrents together: 1 to 1 million, 10,000 by default. Further
    /// ones are refused, so that nobody can fill the tracker alone.
    /// </summary>
    public int MaxPeersPerAddress { get; init; } = 10_000;

    /// <summary>
    /// Decides which torrents are served; null, the default, serves all. Called for every request, from several threads but one at a time:
    /// it must return at once, and its result may change over time. If it throws, the announce is refused.
    /// </summary>
    public Func<InfoHash, bool>? Allows { get; init; }

    /// <summary>A peer is removed after this time without an announce: two intervals and a minute, so that it may be late once.</summary>
    internal TimeSpan PeerLifetime => (Interval * 2) + TimeSpan.FromMinutes(1);

    /// <summary>Everything that is wrong with the options, for people; empty if they are valid.</summary>
    public ImmutableArray<string> Validate()
    {
        List<string> errors = [];
        if (HttpEndPoints.IsDefaultOrEmpty && UdpEndPoints.IsDefaultOrEmpty)
            errors.Add($"{nameof(HttpEndPoints)} and {nameof(UdpEndPoints)} are empty: there is nothing to listen on.");
        Check(errors, nameof(Interval), Interval, TimeSpan.FromSeconds(5), TimeSpan.FromDays(1));
        Check(errors, nameof(MinInterval), MinInterval, TimeSpan.Zero, Interval);
        Check(errors, nameof(MaxNumWant), MaxNumWant, 1, 2_000);
        Check(errors, nameof(DefaultNumWant), DefaultNumWant, 0, MaxNumWant);
        Check(errors, nameof(MaxTorrents), MaxTorrents, 1, 10_000_000);
        Check(errors, nameof(MaxPeersPerTorrent), MaxPeersPerTorrent, 1, 1_000_000);
        Check(errors, nameof(MaxPeers), MaxPeers, 1, 100_000_000);
        Check(errors, nameof(MaxAnnouncesPerSecond), MaxAnnouncesPerSecond, 1, 100_000);
        Check(errors, nameof(MaxPeersPerAddress), MaxPeersPerAddress, 1, 1_000_000);
        Check(errors, nameof(MaxConnections), MaxConnections, 1, 100_000);
        return [.. errors];
    }

    private static void Check<T>(List<string> errors, string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            errors.Add($"{name} is {value}; it must be from {least} to {most}.");
    }
}
