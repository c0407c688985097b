using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Proxies;
using Freshet.Discovery;
using Freshet.Network;

namespace Freshet;

/// <summary>Queries HTTP, HTTPS and UDP trackers without a session: a single announce or a scrape. A request takes at most 30 seconds once
/// its turn has come; at most eight requests run at a time for each tracker, and 64 in all. Thread-safe.
/// <para>
/// To a tracker, each client is a separate peer. A client that announces <see cref="AnnounceEvent.Started"/> is returned to other peers
/// until it announces <see cref="AnnounceEvent.Stopped"/>, or for about an hour.
/// </para>
/// </summary>
public sealed class TrackerClient : IDisposable
{
    /// <summary>The maximum number of swarms in one scrape.</summary>
    public const int MaxScrapedSwarms = 1_000;

    // About 3 KB of URL; some servers accept no more than 4 KB.
    private const int SwarmsPerRequest = 50;

    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OtherFamilyTimeout = TimeSpan.FromSeconds(5);

    private readonly TrackerService _trackers;
    private readonly Lazy<UdpMux?> _udp;

    // Which family a proxy uses is up to the proxy.
    private readonly ImmutableArray<AnnounceFamily> _families;
    private readonly PeerId _peerId;
    private readonly uint _key = BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(4));
    private readonly ConcurrentDictionary<AnnounceTarget, ReadOnlyMemory<byte>> _trackerIds = new();

    /// <param name="access">The local address, interface or proxy to use, or null for the system's choice.</param>
    /// <param name="source">
    /// Where the client's URLs come from. By default they come from torrents and are not trusted; URLs from the user may lead anywhere. In
    /// either case, no redirect to another host on a local network or on this machine is followed.
    /// </param>
    public TrackerClient(NetworkAccess? access = null, TrackerSource source = TrackerSource.Torrent)
        : this(NetworkAccess.WaysOf(access), source)
    {
    }

    /// <summary>For tests: the binding also decides how names are resolved.</summary>
    internal TrackerClient(NetworkBinding binding, TrackerSource source)
        : this(new NetworkWays(binding, null), source)
    {
    }

    private TrackerClient(NetworkWays ways, TrackerSource source)
    {
        _udp = new Lazy<UdpMux?>(() => ways.CreateUdp(ProxyUses.Trackers, new UdpMuxOptions { Binding = ways.Own }));
        _trackers = new TrackerService(HttpRequesterOptions.For(ways, ProxyUses.Trackers), () => _udp.Value, source);
        _peerId = PeerIds.Create(new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        _families = ways.IsProxied(ProxyUses.Trackers) ? [AnnounceFamily.Any] : [AnnounceFamily.IPv4, AnnounceFamily.IPv6];
    }

    /// <summary>
    /// Announces once, over IPv4 and over IPv6 if the tracker has addresses of both. Failures of the tracker are in the result.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The announce was cancelled.</exception>
    public async Task<TrackerAnnounceResult> AnnounceAsync(TrackerAnnounce announce, CancellationToken cancellationToken = default)
    {
        Require(announce);
        return TrackerAnnounceResult.Of(await AskAsync(announce, _families, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Asks for a swarm's peers without joining it: announces <see cref="AnnounceEvent.Started"/>, whatever the event of the announce, and,
    /// if the tracker accepted that, <see cref="AnnounceEvent.Stopped"/>, so that nobody dials a peer that does not exist. The second
    /// announce is given up after five seconds, and its failure is not reported. If its answer has counts, they are the seeds and leechers
    /// without us; we are removed from the peers as well, if the answer shows which one we are. Failures of the tracker are in the result.
    /// <para>
    /// Some trackers tell peers apart by address and port alone. Do not announce the port of a client that runs on this machine, or the
    /// tracker drops that client from the swarm.
    /// </para>
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The announce was cancelled before the tracker answered.</exception>
    public async Task<TrackerAnnounceResult> PeekAsync(TrackerAnnounce announce, CancellationToken cancellationToken = default)
    {
        Require(announce);
        TrackerOutcome<AnnounceResponse>[] outcomes =
            await AskAsync(announce with { Event = AnnounceEvent.Started }, _families, cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(FarewellTimeout);
        Task<TrackerOutcome<AnnounceResponse>[]> farewell = AskAsync(
            announce with { Event = AnnounceEvent.Stopped },
            _families.Where((_, i) => TrackerAnnounceResult.IsAccepted(outcomes[i])),
            patience.Token);
        await ((Task)farewell).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TrackerAnnounceResult result = TrackerAnnounceResult.Of(outcomes);
        return farewell.IsCompletedSuccessfully && result.Succeeded
            ? result.Without(_peerId, announce.Port, TrackerAnnounceResult.Of(await farewell.ConfigureAwait(false)))
            : result;
    }

    /// <summary>Asks for the counts of swarms (scrape). Failures of the tracker are in the result.</summary>
    /// <param name="tracker">The tracker's announce URL; its path must contain "announce", which is replaced by "scrape".</param>
    /// <param name="infoHashes">The swarms, at most <see cref="MaxScrapedSwarms"/>; they are requested fifty at a time.</param>
    /// <param name="cancellationToken">Cancels the scrape.</param>
    /// <exception cref="ArgumentException">There are no swarms, or too many.</exception>
    /// <exception cref="OperationCanceledException">The scrape was cancelled.</exception>
    public async Task<TrackerScrapeResult> ScrapeAsync(
        string tracker, IEnumerable<InfoHash> infoHashes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        InfoHash[] asked = [.. infoHashes.Distinct().Take(MaxScrapedSwarms + 1)];
        if (asked.Length is 0 or > MaxScrapedSwarms)
            throw new ArgumentException($"A scrape asks for 1 to {MaxScrapedSwarms} swarms.", nameof(infoHashes));
        ImmutableDictionary<InfoHash, ScrapedSwarm> swarms = ImmutableDictionary<InfoHash, ScrapedSwarm>.Empty;
        foreach (InfoHash[] some in asked.Chunk(SwarmsPerRequest))
        {
            TrackerOutcome<ScrapeResponse> outcome =
                await _trackers.ScrapeAsync(tracker, some.ToHashSet(), cancellationToken).ConfigureAwait(false);
            string? error = outcome.HasAnswer ? outcome.Answer.FailureReason : outcome.Failure;
            if (error is not null)
                return new TrackerScrapeResult { Error = error, Swarms = swarms };
            swarms = swarms.SetItems(outcome.Answer!.Swarms);
        }

        return new TrackerScrapeResult { Swarms = swarms };
    }

    /// <summary>Cancels all requests in progress.</summary>
    public void Dispose()
    {
        _trackers.Dispose();

        // The last protocol has been removed, so its sockets close; there is nothing to wait for.
        if (_udp.IsValueCreated)
            _ = _udp.Value?.DisposeAsync().AsTask();
    }

    private static void Require(TrackerAnnounce announce)
    {
        ArgumentNullException.ThrowIfNull(announce);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)announce.Port, ushort.MaxValue, nameof(announce));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)announce.NumWant, (uint)TrackerLimits.MaxPeersPerAnnounce, nameof(announce));
    }

    private async Task<TrackerOutcome<AnnounceResponse>[]> AskAsync(
        TrackerAnnounce announce, IEnumerable<AnnounceFamily> families, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return await Task.WhenAll(families.Select(family => AskPatientlyAsync(announce, family, patience, cancellationToken)))
            .ConfigureAwait(false);
    }

    // If one family hangs, callers that have the other's answer do not wait for it.
    private async Task<TrackerOutcome<AnnounceResponse>> AskPatientlyAsync(
        TrackerAnnounce announce, AnnounceFamily family, CancellationTokenSource patience, CancellationToken cancellationToken)
    {
        try
        {
            TrackerOutcome<AnnounceResponse> outcome = await AskAsync(announce, family, patience.Token).ConfigureAwait(false);
            if (TrackerAnnounceResult.IsAccepted(outcome))
                patience.CancelAfter(OtherFamilyTimeout);
            return outcome;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, $"the tracker answered over the other family alone, and not over {family}", TrackerFault.Unreachable);
        }
    }

    private async Task<TrackerOutcome<AnnounceResponse>> AskAsync(
        TrackerAnnounce announce, AnnounceFamily family, CancellationToken cancellationToken)
    {
        AnnounceTarget target = new(announce.Tracker, family, announce.InfoHash);
        AnnounceRequest request = new()
        {
            InfoHash = announce.InfoHash,
            PeerId = _peerId,
            Port = announce.Port,
            Uploaded = announce.Uploaded,
            Downloaded = announce.Downloaded,
            Left = announce.Left,
            Event = announce.Event,
            NumWant = announce.NumWant,
            Key = _key,
            TrackerId = _trackerIds.TryGetValue(target, out ReadOnlyMemory<byte> known) ? known : null,
            Family = family,
        };
        TrackerOutcome<AnnounceResponse> outcome =
            await _trackers.AnnounceAsync(announce.Tracker, request, cancellationToken).ConfigureAwait(false);
        if (outcome.Answer?.TrackerId is { } trackerId && _trackerIds.Count < MetainfoLimits.MaxTrackers)
            _trackerIds[target] = trackerId;
        return outcome;
    }
}
