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
    public void The_fastest_keep_their_slots_and_the_last_slot_rotates()
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
    public void Between_rounds_nobody_loses_a_slot_and_a_free_one_goes_to_whoever_waited_longest()
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
    public void Without_slots_nobody_is_unchoked()
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

    [Fact]
    public void Of_a_single_slot_the_others_have_every_third_round_in_turn()
    {
        for (int i = 1; i <= 4; i++)
            Add(i, i == 1 ? 1000 : 0);
        List<int> chosen = [];
        for (int round = 0; round < 30; round++)
        {
            chosen.Add(Assert.Single(Choose(slots: 1)));
            _now += TimeSpan.FromSeconds(10);
        }

        Assert.InRange(chosen.Count(peer => peer == 1), 18, 22);
        Assert.All([2, 3, 4], other => Assert.InRange(chosen.Count(peer => peer == other), 2, 5));
    }

    [Fact]
    public void Free_riders_have_the_slots_while_nobody_else_uses_one()
    {
        AddFreeRider(1);
        AddFreeRider(2);
        Assert.Equal([1, 2], Choose(slots: 4));
        _now += TimeSpan.FromSeconds(10);
        Assert.Equal([1, 2], Choose(slots: 4));
        Add(3, 0);
        Assert.Equal([3], Choose(slots: 4));

        // Whoever wants nothing for a moment has its place kept until the next round.
        _peers.Remove(3);
        Assert.Empty(Choose(slots: 4));
        _now += TimeSpan.FromSeconds(10);
        Assert.Equal([1, 2], Choose(slots: 4));
    }

    /// <summary>With a slot all the time at everybody, it would have as much as those who give.</summary>
    [Fact]
    public void Where_slots_are_left_over_a_free_rider_has_one_for_a_round_now_and_then()
    {
        Add(1, 10);
        Add(2, 20);
        AddFreeRider(3);
        int[] turns = Turns(rounds: 90, slots: 8);
        Assert.Equal([90, 90], turns[1..3]);
        Assert.InRange(turns[3], 5, 9);
    }

    /// <summary>It may have been taken for one in error.</summary>
    [Fact]
    public void Among_many_who_wait_a_free_rider_has_a_turn_now_and_then()
    {
        for (int i = 1; i <= 6; i++)
            Add(i, i * 1000);
        AddFreeRider(7);
        int[] turns = Turns(rounds: 300, slots: 3);
        Assert.All(turns[1..5], times => Assert.InRange(times, 50, 100));
        Assert.InRange(turns[7], 2, 10);
    }

    [Fact]
    public void An_idle_slot_is_given_to_whoever_waits()
    {
        for (int i = 1; i <= 3; i++)
            Add(i, 0);
        Assert.Equal([1, 2, 3], Choose(slots: 3));
        _now += TimeSpan.FromSeconds(2);
        Add(4, 0);
        _peers[2] = _peers[2] with { IsIdle = true, WastedSlots = 1 };
        Assert.Equal([1, 3, 4], Choose(slots: 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void In_a_round_an_idle_slot_goes_to_whoever_waits_whether_it_is_a_fast_or_the_last_one(int idle)
    {
        Add(1, 1000);
        Add(2, 0);
        Assert.Equal([1, 2], Choose(slots: 2));
        _now += TimeSpan.FromSeconds(10);
        _peers[idle] = _peers[idle] with { IsIdle = true };
        Add(3, 0);
        Assert.Equal([3 - idle, 3], Choose(slots: 2));
    }

    [Fact]
    public void If_slots_become_fewer_between_rounds_the_last_slot_is_kept()
    {
        Add(1, 1000);
        Add(2, 0);
        Assert.Equal([1, 2], Choose(slots: 2));
        _now += TimeSpan.FromSeconds(1);
        Assert.Equal([2], Choose(slots: 1));
    }

    [Fact]
    public void Of_equal_rank_whoever_has_waited_longest_comes_first()
    {
        Add(5, 1000);
        Add(6, 1000);
        _now += TimeSpan.FromSeconds(1);
        for (int i = 1; i <= 4; i++)
            Add(i, 1000);
        Assert.Equal([1, 5, 6], Choose(slots: 3));
    }

    [Fact]
    public void A_free_rider_has_no_claim_however_high_its_rank()
    {
        AddFreeRider(1, rank: 1000);
        for (int i = 2; i <= 4; i++)
            Add(i, i);
        Assert.Equal([2, 3, 4], Choose(slots: 3));
    }

    [Fact]
    public void A_free_rider_has_a_slot_beside_one_that_does_not_use_its_own()
    {
        AddFreeRider(1);
        Add(2, 0);
        Assert.Equal([2], Choose(slots: 4));
        _peers[2] = _peers[2] with { IsIdle = true };
        _now += TimeSpan.FromSeconds(10);
        Assert.Equal([1, 2], Choose(slots: 4));
    }

    [Fact]
    public void An_idle_slot_that_nobody_waits_for_is_kept()
    {
        Add(1, 0);
        Choose(slots: 1);
        _peers[1] = _peers[1] with { IsIdle = true };
        _now += TimeSpan.FromSeconds(60);
        Assert.Equal([1], Choose(slots: 1));
    }

    [Fact]
    public void In_a_round_those_who_wait_come_before_those_who_have_had_their_turn()
    {
        for (int i = 1; i <= 4; i++)
            Add(i, 0);
        Choose(slots: 4);
        _now += TimeSpan.FromSeconds(15);
        Add(5, 0);
        Add(6, 0);
        int[] chosen = Choose(slots: 4);
        Assert.Contains(5, chosen);
        Assert.Contains(6, chosen);
    }

    [Fact]
    public void A_peer_that_wasted_slots_waits_behind_one_that_did_not()
    {
        Add(1, 0);
        Choose(slots: 1);
        Add(2, 0);
        _peers[2] = _peers[2] with { WastedSlots = 2, LastChange = _now - TimeSpan.FromHours(1) };
        Add(3, 0);
        _peers.Remove(1);
        Assert.Equal([3], Choose(slots: 1));
    }

    [Fact]
    public void The_network_with_fewer_slots_is_next()
    {
        for (int i = 1; i <= 5; i++)
            AddOf(network: 1, i, 0);
        Choose(slots: 3);
        _now += TimeSpan.FromSeconds(1);
        AddOf(network: 2, 9, 0);
        _peers.Remove(1);
        Assert.Contains(9, Choose(slots: 3));
    }

    [Fact]
    public void A_network_of_many_fast_peers_leaves_half_of_the_slots_to_others()
    {
        for (int i = 1; i <= 8; i++)
            AddOf(network: 1, i, 1000 + i);
        for (int i = 11; i <= 18; i++)
            AddOf(network: i, i, i);
        Assert.Equal(4, Choose(slots: 8).Count(peer => peer <= 8));
        _now += TimeSpan.FromSeconds(10);
        Assert.InRange(Choose(slots: 8).Count(peer => peer <= 8), 4, 5);
    }

    [Fact]
    public void The_only_network_may_have_all_slots_by_being_fast()
    {
        for (int i = 1; i <= 16; i++)
            AddOf(network: 1, i, i);
        Assert.Equal([10, 11, 12, 13, 14, 15, 16], Choose(slots: 8).Where(static peer => peer >= 10));
    }

    [Fact]
    public void A_newcomer_waits_a_third_as_long_as_others()
    {
        Add(1, 0);
        Choose(slots: 1);
        _now += TimeSpan.FromSeconds(1);
        Add(2, 0);
        _now += TimeSpan.FromSeconds(20);
        Add(3, 0);
        _peers[3] = _peers[3] with { IsNewcomer = true };
        Add(4, 0);
        _now += TimeSpan.FromSeconds(5);
        _peers.Remove(1);
        Assert.Equal([2], Choose(slots: 1));
        _peers[2] = _peers[2] with { IsUnchoked = false };
        _now += TimeSpan.FromSeconds(1);
        _peers[2] = _peers[2] with { LastChange = _now - TimeSpan.FromSeconds(17) };
        Assert.Equal([3], Choose(slots: 1));
    }

    private static Origin NetworkOf(int number) => Origin.OfNetwork(new System.Net.IPAddress([10, 0, 0, (byte)number]));

    private void AddOf(int network, int peer, double rate)
    {
        Add(peer, rate);
        _peers[peer] = _peers[peer] with { Network = NetworkOf(network) };
    }

    private void AddFreeRider(int peer, double rank = 0)
    {
        Add(peer, rank);
        _peers[peer] = _peers[peer] with { IsFreeRider = true };
    }

    // In how many rounds each peer had a slot, by its number.
    private int[] Turns(int rounds, int slots)
    {
        int[] turns = new int[_peers.Count + 1];
        for (int round = 0; round < rounds; round++)
        {
            foreach (int peer in Choose(slots))
                turns[peer]++;
            _now += TimeSpan.FromSeconds(10);
        }

        return turns;
    }

    private void Add(int peer, double rate) => _peers.Add(
        peer,
        new UnchokeCandidate(
            new PeerKey(peer), NetworkOf(peer), rate, IsUnchoked: false, IsIdle: false, IsNewcomer: false, IsFreeRider: false,
            WastedSlots: 0, _now));

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
