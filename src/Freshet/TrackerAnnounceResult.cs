using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
using Freshet.Discovery;

namespace Freshet;

/// <summary>
/// The result of an announce. A tracker with addresses of both families is asked over each, since many return only peers of the family they
/// are asked over; this combines the answers.
/// </summary>
public sealed record TrackerAnnounceResult
{
    /// <summary>Why there is no answer, for people: the tracker's failure reason, or the network error. Null if it answered.</summary>
    public string? Error { get; init; }

    /// <summary>The peers in the answer, without duplicate addresses.</summary>
    public ImmutableArray<TrackerPeer> Peers { get; init; } = [];

    /// <summary>
    /// The number of returned peers that cannot be dialled: a host name, port 0, an unusable address, or beyond the limit.
    /// </summary>
    public int SkippedPeers { get; init; }

    /// <summary>The number of seeds that the tracker counts; null if it did not say.</summary>
    public int? Seeders { get; init; }

    /// <summary>The number of leechers that the tracker counts; null if it did not say.</summary>
    public int? Leechers { get; init; }

    /// <summary>The interval until the next regular announce; null without an answer.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The shortest interval the tracker allows between any two announces; null if it did not say.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>The tracker's warning message to the user, on one line; null if there is none.</summary>
    public string? Warning { get; init; }

    /// <summary>Our addresses as the tracker sees them (BEP 24), at most one of each family.</summary>
    public ImmutableArray<IPAddress> ExternalAddresses { get; init; } = [];

    /// <summary>Whether the tracker answered.</summary>
    public bool Succeeded => Error is null;

    /// <summary>Combines the outcomes over each family. A tracker without addresses of a family was not asked over it.</summary>
    internal static TrackerAnnounceResult Of(IReadOnlyList<TrackerOutcome<AnnounceResponse>> outcomes)
    {
        AnnounceResponse[] answers = [.. outcomes.Where(IsAccepted).Select(outcome => outcome.Answer!)];
        if (answers.Length == 0)
            return new TrackerAnnounceResult { Error = ErrorOf(outcomes) };

        // Both answers describe the same swarm.
        return new TrackerAnnounceResult
        {
            Peers = [.. answers.SelectMany(answer => answer.Peers).DistinctBy(peer => peer.EndPoint).Select(ToPublic)],
            SkippedPeers = answers.Sum(answer => answer.SkippedPeers),
            Seeders = answers.Max(answer => answer.Seeders),
            Leechers = answers.Max(answer => answer.Leechers),
            Interval = answers.Max(answer => answer.Interval),
            MinInterval = answers.Max(answer => answer.MinInterval),
            Warning = Array.Find(answers, answer => answer.Warning is not null)?.Warning,
            ExternalAddresses =
                [.. answers.Select(answer => answer.ExternalAddress).OfType<IPAddress>().DistinctBy(address => address.AddressFamily)],
        };
    }

    /// <summary>This result without the peer that asked.</summary>
    /// <param name="peerId">The peer's id.</param>
    /// <param name="port">The port that it announced.</param>
    /// <param name="afterwards">The tracker's answer when that peer left.</param>
    internal TrackerAnnounceResult Without(PeerId peerId, int port, TrackerAnnounceResult afterwards) => this with
    {
        Peers = Peers.RemoveAll(peer =>
            peer.PeerId == peerId || (peer.EndPoint.Port == port && ExternalAddresses.Contains(peer.EndPoint.Address))),
        Seeders = afterwards.Seeders ?? Seeders,
        Leechers = afterwards.Leechers ?? Leechers,
    };

    /// <summary>Whether the tracker answered without a failure reason.</summary>
    internal static bool IsAccepted(TrackerOutcome<AnnounceResponse> outcome) => outcome.Answer is { FailureReason: null };

    // A missing address family is reported only if there is no other reason.
    private static string ErrorOf(IReadOnlyList<TrackerOutcome<AnnounceResponse>> outcomes)
    {
        TrackerOutcome<AnnounceResponse> outcome = outcomes.OrderBy(outcome => outcome.IsSkipped).First();
        return outcome.Answer?.FailureReason ?? outcome.Failure ?? "the tracker did not answer";
    }

    private static TrackerPeer ToPublic(AnnouncedPeer peer) => new(peer.EndPoint, peer.PeerId);
}
