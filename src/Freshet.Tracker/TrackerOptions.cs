using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;

namespace Freshet.Tracker;

/// <summary>How a tracker runs. The defaults serve a private swarm and a middling public tracker alike.</summary>
public sealed record TrackerOptions
{
    /// <summary>
    /// Where HTTP is served. Port 0 takes any free one; <c>[::]</c> serves IPv4 too. The default is this machine alone, port
    /// 6969: open it to others on purpose.
    /// </summary>
    public ImmutableArray<IPEndPoint> HttpEndPoints { get; init; } = [new(IPAddress.Loopback, 6969), new(IPAddress.IPv6Loopback, 6969)];

    /// <summary>
    /// Where UDP is served (BEP 15); nowhere by default. Port 0 takes any free one; <c>[::]</c> serves IPv4 too. The same port number as
    /// of HTTP is free for it.
    /// </summary>
    public ImmutableArray<IPEndPoint> UdpEndPoints { get; init; } = [];

    /// <summary>
    /// How often peers are to announce: 5 seconds to a day, 15 minutes by default. Short ones cost traffic, long ones leave dead peers in
    /// the answers.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The least time between a peer's regular announces: up to <see cref="Interval"/>, 1 minute by default. One that comes after less than
    /// three quarters of it is answered without peers; 0 allows any.
    /// </summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Peers in an answer if the asker names no number: 0 to <see cref="MaxNumWant"/>, 50 by default.</summary>
    public int DefaultNumWant { get; init; } = 50;

    /// <summary>Peers in an answer at most: 1 to 2,000, 200 by default. An IPv6 peer takes 18 bytes of it.</summary>
    public int MaxNumWant { get; init; } = 200;

    /// <summary>Torrents remembered: 1 to 10 million, 100,000 by default. When there is no room, a torrent with few peers goes.</summary>
    public int MaxTorrents { get; init; } = 100_000;

    /// <summary>
    /// Peers remembered of one torrent: 1 to 1 million, 10,000 by default. When there is no room, a peer of an address that has many goes.
    /// </summary>
    public int MaxPeersPerTorrent { get; init; } = 10_000;

    /// <summary>
    /// Peers remembered in all: 1 to 100 million, 1 million by default. One with an address of its own takes about 140 bytes of the
    /// process's memory.
    /// </summary>
    public int MaxPeers { get; init; } = 1_000_000;

    /// <summary>Connections served at once: 1 to 100,000, 1,000 by default. More are closed as they come.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>
    /// Networks of proxies that are believed when they say in <c>X-Forwarded-For</c> who asks; none by default. Without the proxy's own
    /// address here, everybody behind it would be the proxy. An address here that is not a proxy's lets its holder pass for anybody.
    /// </summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>
    /// Networks whose peers may announce an address other than their own (<c>ip=</c>); none by default, since whoever may can have a swarm
    /// connect to a victim (BEP 7). Of use where the tracker and some peers share a private network, and the others reach those from
    /// outside.
    /// </summary>
    public ImmutableArray<IPNetwork> TrustAnnouncedAddressFrom { get; init; } = [];

    /// <summary>
    /// Announces a second from one IPv4 address or IPv6 /64, in bursts of up to twenty seconds' worth: 1 to 100,000, 50 by default. More
    /// are refused with the advice to come again in a minute. Many peers may share one address, and one peer may have thousands of
    /// torrents.
    /// </summary>
    public int MaxAnnouncesPerSecond { get; init; } = 50;

    /// <summary>
    /// Peers remembered of one IPv4 address or IPv6 /64, in all torrents together: 1 to 1 million, 10,000 by default. More are refused, so
    /// that nobody fills the tracker alone.
    /// </summary>
    public int MaxPeersPerAddress { get; init; } = 10_000;

    /// <summary>
    /// Which torrents are served; null, the default, for all. Called for every request, from several threads in turn: it must
    /// answer at once, and may change its mind.
    /// </summary>
    public Func<InfoHash, bool>? Allows { get; init; }

    /// <summary>After so long without an announce a peer is forgotten: two intervals and a minute, for those that are late once.</summary>
    internal TimeSpan PeerLifetime => (Interval * 2) + TimeSpan.FromMinutes(1);

    /// <summary>Everything that is wrong with the options, in words; empty if nothing is.</summary>
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
