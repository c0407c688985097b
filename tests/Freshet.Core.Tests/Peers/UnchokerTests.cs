using Freshet.Core.Peers;
using Freshet.Core.Pieces;

using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Peers;

public class UnchokerTests
{
    private readonly Unchoker _unchoker = new();
    private readonly Dictionary<int, UnchokeCandidate> _peers = [];
    private Timestamp _now = new(TimeSpan.TicksPerDay);

    [Fact]
    public void The_fastest_keep_their_slots_and_the_last_slot_goes_round()
    {
        for (int i = 1; i <= 6; i++)
            Add(i, i * 1000);
        HashSet<int> lucky = [];
        for (int round = 0; round < 30; round++)
        {
            int[] chosen = Choose(slots: 3);
            Assert.Equal(3, chosen.Length);
            if (round > 0)
                Assert.True(chosen.Contains(5) && chosen.Contains(6));
            lucky.UnionWith(chosen);
            _now += TimeSpan.FromSeconds(10);
        }

        Assert.Equal(6, lucky.Count);
    }

    [Fact]
    public void Between_rounds_nobody_loses_a_slot_and_a_free_one_goes_to_who_waited_longest()
    {
        Add(1, 10);
        Add(2, 20);
        Assert.Equal([1, 2], Choose(slots: 2));
        Add(3, 1000);
        Add(4, 2000);
        _now += TimeSpan.FromSeconds(1);
        Assert.Equal([1, 2], Choose(slots: 2));
        _peers.Remove(1);
        Assert.Equal([2, 3], Choose(slots: 2));
    }

    [Fact]
    public void No_slots_mean_nobody()
    {
        Add(1, 10);
        Assert.Empty(Choose(slots: 0));
    }

    [Fact]
    public void One_slot_goes_to_somebody()
    {
        Add(1, 0);
        Add(2, 0);
        Assert.Single(Choose(slots: 1));
    }

    private void Add(int peer, double rate) => _peers.Add(peer, new UnchokeCandidate(new PeerKey(peer), rate, IsUnchoked: false, _now));

    private int[] Choose(int slots)
    {
        HashSet<PeerKey> chosen = [];
        _unchoker.Choose([.. _peers.Values], slots, _now, chosen);
        foreach ((int number, UnchokeCandidate peer) in _peers.ToArray())
        {
            bool unchoked = chosen.Contains(peer.Peer);
            if (unchoked != peer.IsUnchoked)
                _peers[number] = peer with { IsUnchoked = unchoked, LastChange = _now };
        }

        return [.. chosen.Select(peer => peer.Value).Order()];
    }
}
