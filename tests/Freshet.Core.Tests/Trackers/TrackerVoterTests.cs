using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

public class TrackerVoterTests
{
    [Theory]
    [InlineData("http://a.tracker.example:80/announce", "https://b.Tracker.Example./announce?key=1")]
    [InlineData("udp://tracker.example:1337", "http://tracker.example/announce")]
    [InlineData("http://tracker:80/announce", "udp://tracker:1337")]
    [InlineData("http://8.8.8.8:1/announce", "udp://8.8.8.8:2")]
    [InlineData("http://[2001:db9::1]:1/announce", "http://[2001:db9::2]/announce")]
    public void Trackers_of_one_domain_or_network_have_one_vote(string one, string other) =>
        Assert.Equal(TrackerVoter.Of(one), TrackerVoter.Of(other));

    [Fact]
    public void Other_trackers_have_votes_of_their_own()
    {
        Assert.NotEqual(TrackerVoter.Of("http://tracker.example/announce"), TrackerVoter.Of("http://tracker.test/announce"));
        Assert.Equal(Origin.OfNetwork(IPAddress.Parse("8.8.8.8")), TrackerVoter.Of("http://8.8.8.8/announce"));
    }
}
