using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;

namespace Freshet.Core.Tests.Dht;

/// <summary>Which search comes first when there are more than the budget allows. No node answers, so each search takes its time.</summary>
public class SearchUrgencyTests
{
    private static readonly NodeId Late = DhtRig.IdOf(9_000);
    private const int Nodes = 12;

    private readonly DhtRig _rig = new();
    private int _key;

    public SearchUrgencyTests() =>
        _rig.Machine.AddBeginnings([.. Enumerable.Range(0, Nodes).Select(i => DhtRig.Node(i).Address)], BeginningKind.Named, _rig.Now);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_search_begins_at_once_however_many_there_are_of_the_other_urgency(bool manyLack)
    {
        (SearchUrgency many, SearchUrgency one) = (SearchUrgency.Routine, SearchUrgency.Lacking);
        if (manyLack)
            (many, one) = (one, many);
        Assert.InRange(Fill(many), DhtLimits.MaxQueuedDhtSearches, 1_039);
        Assert.True(_rig.Machine.FindPeers(new SearchKey(-1), Late.ToInfoHash(), announce: null, one, _rig.Now));
        _rig.Pass(TimeSpan.FromSeconds(1));
        Assert.Contains(_rig.Sent, sent => DhtRig.Read(sent.Datagram).Target == Late);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_tables_are_maintained_however_many_searches_there_are(bool manyLack)
    {
        Fill(manyLack ? SearchUrgency.Lacking : SearchUrgency.Routine);
        _rig.Pass(TimeSpan.FromSeconds(30));
        NodeId own = _rig.Machine.Remember().Id!.Value;
        int asked = _rig.Sent.Count(sent => DhtRig.Read(sent.Datagram) is { Method: DhtMethod.FindNode } query && query.Target == own);

        // The first search began before the others.
        Assert.InRange(asked, 2 * Nodes, 3 * Nodes);
    }

    [Fact]
    public void A_cancelled_search_leaves_its_place_in_the_queue()
    {
        int accepted = Fill(SearchUrgency.Routine);
        Assert.False(Start(SearchUrgency.Routine));
        _rig.Machine.Cancel(new SearchKey(accepted));
        Assert.True(Start(SearchUrgency.Routine));
        Assert.Equal(DhtLimits.MaxQueuedDhtSearches, _rig.Machine.Status().QueuedSearches);
    }

    private int Fill(SearchUrgency urgency)
    {
        int accepted = 0;
        while (accepted < 1_040 && Start(urgency))
            accepted++;
        return accepted;
    }

    private bool Start(SearchUrgency urgency) =>
        _rig.Machine.FindPeers(new SearchKey(++_key), DhtRig.IdOf(10_000 + _key).ToInfoHash(), announce: null, urgency, _rig.Now);
}
