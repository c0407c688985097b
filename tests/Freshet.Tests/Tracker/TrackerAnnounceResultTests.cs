using System.Net;
using Freshet.Core.Trackers;
using Freshet.Discovery;

namespace Freshet.Tests.Tracker;

public class TrackerAnnounceResultTests
{
    private static readonly TrackerOutcome<AnnounceResponse> Unreachable =
        new(null, "it has no address of that family", TrackerFault.Skipped);

    [Fact]
    public void Peers_of_both_families_are_listed_once_each()
    {
        TrackerAnnounceResult result = Of(
            Answer(60, 3, "1.2.3.4:5", "[2001:db8::1]:6"), Answer(90, 4, "[2001:db8::1]:6", "[2001:db8::2]:7"));
        Assert.True(result.Succeeded);
        Assert.Equal(["1.2.3.4:5", "[2001:db8::1]:6", "[2001:db8::2]:7"], result.Peers.Select(peer => peer.EndPoint.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(90), result.Interval);
        Assert.Equal(4, result.Seeders);
    }

    [Fact]
    public void One_good_answer_is_enough()
    {
        TrackerAnnounceResult result = Of(
            new TrackerOutcome<AnnounceResponse>(null, "there is no way to it"), Answer(60, null, "1.2.3.4:5"));
        Assert.True(result.Succeeded);
        Assert.Equal(IPEndPoint.Parse("1.2.3.4:5"), Assert.Single(result.Peers).EndPoint);
        Assert.Null(result.Seeders);
    }

    [Fact]
    public void Without_a_good_answer_the_reason_is_that_of_the_family_that_the_tracker_has()
    {
        TrackerAnnounceResult result = Of(
            Unreachable, new TrackerOutcome<AnnounceResponse>(new AnnounceResponse { FailureReason = "not registered" }, null));
        Assert.Equal("not registered", result.Error);
        Assert.Empty(result.Peers);
        Assert.Null(result.Interval);
        Assert.Equal("it has no address of that family", Of(Unreachable, Unreachable).Error);
    }

    private static TrackerAnnounceResult Of(params TrackerOutcome<AnnounceResponse>[] outcomes) => TrackerAnnounceResult.Of(outcomes);

    private static TrackerOutcome<AnnounceResponse> Answer(int interval, int? seeders, params string[] peers) => new(
        new AnnounceResponse
        {
            Interval = TimeSpan.FromSeconds(interval),
            Seeders = seeders,
            Peers = [.. peers.Select(peer => new AnnouncedPeer(IPEndPoint.Parse(peer), null))],
        },
        null);
}
