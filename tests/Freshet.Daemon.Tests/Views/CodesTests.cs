using Freshet.Api;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Tests.Views;

public class CodesTests
{
    [Fact]
    public void Every_state_of_the_engine_has_a_word_of_its_own_in_the_API()
    {
        TorrentState[] states = Enum.GetValues<TorrentState>();
        Assert.Equal(states.Length, states.Select(Codes.Of).Distinct().Count());
        Assert.Equal(states.Length, Enum.GetValues<StateCode>().Length);
        TrackerState[] trackers = Enum.GetValues<TrackerState>();
        Assert.Equal(trackers.Length, trackers.Select(Codes.Of).Distinct().Count());
    }
}
