using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Peers;

/// <summary>Which of the addresses that did not answer are remembered, and for how long.</summary>
public class DeadAddressesTests
{
    private static readonly Origin Teller = Origin.OfNetwork(IPAddress.Parse("70.7.7.7"));
    private static readonly Origin Liar = Origin.OfNetwork(IPAddress.Parse("80.8.8.8"));

    private readonly DeadAddresses _dead = new();
    private Timestamp _now = new(TimeSpan.FromDays(1).Ticks);

    [Fact]
    public void An_address_is_dead_for_two_hours()
    {
        _dead.Add(Address(1), Teller, _now);
        _now += TimeSpan.FromMinutes(119);
        Assert.True(_dead.Contains(Address(1), _now));
        _now += TimeSpan.FromMinutes(1);
        Assert.False(_dead.Contains(Address(1), _now));
    }

    [Fact]
    public void Invented_addresses_from_one_source_do_not_push_out_those_of_others()
    {
        for (int i = 0; i < PeerLimits.MaxDead / 2; i++)
            _dead.Add(Address(i), Teller, _now);
        for (int i = 0; i < 10 * PeerLimits.MaxDead; i++)
            _dead.Add(Address(1_000 + i), Liar, _now);
        Assert.All(Enumerable.Range(0, PeerLimits.MaxDead / 2), i => Assert.True(_dead.Contains(Address(i), _now)));
        int remembered = Enumerable.Range(0, 10 * PeerLimits.MaxDead).Count(i => _dead.Contains(Address(1_000 + i), _now));
        Assert.Equal(PeerLimits.MaxDead / 2, remembered);
        Assert.True(_dead.Contains(Address(1_000 + (10 * PeerLimits.MaxDead) - 1), _now));
    }

    [Fact]
    public void Expired_addresses_make_room_first()
    {
        for (int i = 0; i < PeerLimits.MaxDead; i++)
        {
            if (i == 10)
                _now += TimeSpan.FromHours(1);
            _dead.Add(Address(i), Origin.OfNetwork(new IPAddress([70, 7, 7, (byte)(i % 10)])), _now);
        }

        _now += TimeSpan.FromHours(1);
        for (int i = 0; i < 10; i++)
            _dead.Add(Address(1_000 + i), Liar, _now);
        Assert.All(Enumerable.Range(10, PeerLimits.MaxDead - 10), i => Assert.True(_dead.Contains(Address(i), _now)));
        Assert.All(Enumerable.Range(1_000, 10), i => Assert.True(_dead.Contains(Address(i), _now)));
    }

    [Fact]
    public void An_address_that_answers_after_all_leaves_its_place()
    {
        _dead.Add(Address(1), Teller, _now);
        _dead.Add(Address(1), Liar, _now);
        _dead.Remove(Address(1));
        _dead.Remove(Address(2));
        Assert.False(_dead.Contains(Address(1), _now));
        _dead.Add(Address(1), Teller, _now);
        Assert.True(_dead.Contains(Address(1), _now));
    }

    private static IPEndPoint Address(int number) => new(new IPAddress([81, 1, (byte)(number >> 8), (byte)number]), 6881);
}
