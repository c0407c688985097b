using System.Net;
using Freshet.Core.Trackers;
using Freshet.Discovery;

namespace Freshet.Tests.Discovery;

public class TrackerReportTests
{
    private const string Url = "http://tracker.example/announce";

    private static readonly TrackerOutcome<AnnounceResponse> Unreachable = new(null, "it has no address of that family", TrackerFault.Skipped);

    [Fact]
    public void Peers_of_both_families_are_listed_once_each()
    {
        TrackerReport report = Report(Answer(60, 3, "1.2.3.4:5", "[2001:db8::1]:6"), Answer(90, 4, "[2001:db8::1]:6", "[2001:db8::2]:7"));
        Assert.True(report.Succeeded);
        Assert.Equal(["1.2.3.4:5", "[2001:db8::1]:6", "[2001:db8::2]:7"], report.Peers.Select(peer => peer.EndPoint.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(90), report.Interval);
        Assert.Equal(4, report.Seeders);
        Assert.Equal([AnnounceFamily.IPv4, AnnounceFamily.IPv6], report.Answers.Select(answer => answer.Family));
    }

    [Fact]
    public void One_good_answer_is_enough()
    {
        TrackerReport report = Report(new TrackerOutcome<AnnounceResponse>(null, "there is no way to it"), Answer(60, null, "1.2.3.4:5"));
        Assert.True(report.Succeeded);
        Assert.Equal(AnnounceFamily.IPv6, Assert.Single(report.Answers).Family);
        Assert.Null(report.Seeders);
    }

    [Fact]
    public void Without_one_the_reason_is_that_of_the_family_it_has()
    {
        TrackerReport report = Report(Unreachable, new TrackerOutcome<AnnounceResponse>(new AnnounceResponse { FailureReason = "not registered" }, null));
        Assert.Equal("not registered", report.Error);
        Assert.Empty(report.Peers);
        Assert.Null(report.Interval);
        Assert.Equal("it has no address of that family", Report(Unreachable, Unreachable).Error);
    }

    private static TrackerReport Report(TrackerOutcome<AnnounceResponse> overV4, TrackerOutcome<AnnounceResponse> overV6) =>
        TrackerReport.Of(Url, [(AnnounceFamily.IPv4, overV4), (AnnounceFamily.IPv6, overV6)]);

    private static TrackerOutcome<AnnounceResponse> Answer(int interval, int? seeders, params string[] peers) => new(
        new AnnounceResponse
        {
            Interval = TimeSpan.FromSeconds(interval),
            Seeders = seeders,
            Peers = [.. peers.Select(peer => new AnnouncedPeer(IPEndPoint.Parse(peer), null))],
        },
        null);
}
