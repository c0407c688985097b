using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
using Freshet.Discovery;

namespace Freshet;

/// <summary>
/// What came of an announce. A tracker with addresses of both families is asked over each, since many name only peers of the family they
/// are asked over; this is what its answers say together.
/// </summary>
public sealed record TrackerAnnounceResult
{
    /// <summary>Why there is no answer, in words: the tracker's own refusal, or what kept it from answering. Null if it answered.</summary>
    public string? Error { get; init; }

    /// <summary>The peers it named, each address once.</summary>
    public ImmutableArray<TrackerPeer> Peers { get; init; } = [];

    /// <summary>Peers it named that cannot be dialled: by a host name, at port 0, at an address that is nobody's, or too many.</summary>
    public int SkippedPeers { get; init; }

    /// <summary>Peers that have everything, as it counts; null if it did not say.</summary>
    public int? Seeders { get; init; }

    /// <summary>Peers that lack something, as it counts; null if it did not say.</summary>
    public int? Leechers { get; init; }

    /// <summary>How long it asks to wait before the next regular announce; null without an answer.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The least time it asks for between any two announces; null if it did not say.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>Its words for the user beside the answer, on one line; null if there are none.</summary>
    public string? Warning { get; init; }

    /// <summary>Our addresses as it sees them (BEP 24), at most one of each family.</summary>
    public ImmutableArray<IPAddress> ExternalAddresses { get; init; } = [];

    /// <summary>Whether it answered.</summary>
    public bool Succeeded => Error is null;

    /// <summary>What came of asking one tracker over each family. One that has no address of a family was not asked over it.</summary>
    internal static TrackerAnnounceResult Of(IReadOnlyList<TrackerOutcome<AnnounceResponse>> outcomes)
    {
        AnnounceResponse[] answers = [.. outcomes.Where(IsAccepted).Select(outcome => outcome.Answer!)];
        if (answers.Length == 0)
            return new TrackerAnnounceResult { Error = ErrorOf(outcomes) };

        // Both families' answers are about one swarm.
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

    /// <summary>The swarm without the peer that asked.</summary>
    /// <param name="peerId">The peer's id.</param>
    /// <param name="port">The port that it announced.</param>
    /// <param name="afterwards">What the tracker answered when that peer left.</param>
    internal TrackerAnnounceResult Without(PeerId peerId, int port, TrackerAnnounceResult afterwards) => this with
    {
        Peers = Peers.RemoveAll(peer =>
            peer.PeerId == peerId || (peer.EndPoint.Port == port && ExternalAddresses.Contains(peer.EndPoint.Address))),
        Seeders = afterwards.Seeders ?? Seeders,
        Leechers = afterwards.Leechers ?? Leechers,
    };

    /// <summary>Whether the tracker answered, and not with a refusal.</summary>
    internal static bool IsAccepted(TrackerOutcome<AnnounceResponse> outcome) => outcome.Answer is { FailureReason: null };

    // That the tracker has no address of a family matters only if that is all there is to say.
    private static string ErrorOf(IReadOnlyList<TrackerOutcome<AnnounceResponse>> outcomes)
    {
        TrackerOutcome<AnnounceResponse> outcome = outcomes.OrderBy(outcome => outcome.IsSkipped).First();
        return outcome.Answer?.FailureReason ?? outcome.Failure ?? "the tracker did not answer";
    }

    private static TrackerPeer ToPublic(AnnouncedPeer peer) => new(peer.EndPoint, peer.PeerId);
}
