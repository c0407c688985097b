using System.Net;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Core.Tests.Torrents;

/// <summary>When a torrent searches the DHT, and when it no longer wants to be announced there.</summary>
public class DhtAskingTests
{
    private readonly RecordingDht _dht = new();

    [Fact]
    public void A_magnet_that_turns_out_to_be_private_withdraws_its_search_at_once()
    {
        TorrentRig rig = new(isMagnet: true, isPrivateKnown: false, isPrivate: true, dht: _dht);
        rig.Machine.Start(StartingPoint.Empty(0), rig.Now);
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([SearchUrgency.Lacking], _dht.Searches);
        rig.Machine.OnMetadata(rig.Metainfo, StartingPoint.Empty(rig.Layout.PieceCount), rig.Now);
        Assert.Equal(1, _dht.Withdrawals);
        rig.Advance(TimeSpan.FromHours(1));
        Assert.Single(_dht.Searches);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_torrent_that_stops_withdraws_its_search_and_repeats_it_when_it_starts(bool fails)
    {
        TorrentRig rig = new TorrentRig(dht: _dht).Start();
        rig.Advance(TimeSpan.FromSeconds(1));
        if (fails)
            rig.Machine.Fail("the disk is gone", default, rig.Now);
        else
            rig.Machine.Stop(rig.Now);
        Assert.Equal(1, _dht.Withdrawals);
        rig.Start();
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _dht.Searches.Count);
        rig.Machine.OnDhtSearched(new DhtOutcome(0, HasAsked: true), rig.Now);
        rig.Machine.Stop(rig.Now);
        Assert.Equal(1, _dht.Withdrawals);
    }

    [Fact]
    public void A_search_whose_end_is_never_reported_is_withdrawn_before_the_next()
    {
        TorrentRig rig = new TorrentRig(dht: _dht).Start();
        rig.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal((2, 1), (_dht.Searches.Count, _dht.Withdrawals));
    }

    [Fact]
    public void A_seed_is_in_no_hurry()
    {
        TorrentRig rig = new TorrentRig(dht: _dht).StartComplete();
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([SearchUrgency.Routine], _dht.Searches);
    }

    private sealed class RecordingDht : ITorrentDht
    {
        public int Port => 6881;

        public List<SearchUrgency> Searches { get; } = [];

        public int Withdrawals { get; private set; }

        public void FindPeers(InfoHash swarm, bool isSeed, SearchUrgency urgency) => Searches.Add(urgency);

        public void Withdraw() => Withdrawals++;

        public void OnNode(IPEndPoint node)
        {
        }
    }
}
