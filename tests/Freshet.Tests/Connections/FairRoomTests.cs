using System.Net;
using Freshet.Connections;

namespace Freshet.Tests.Connections;

public class FairRoomTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly VirtualTime _time = new();
    private readonly List<string> _left = [];

    [Fact]
    public void The_first_connection_of_the_most_crowded_network_makes_room_for_a_newcomer()
    {
        FairRoom room = new(4, TimeSpan.Zero, _time);
        Enter(room, "192.0.2.9", "early");
        for (int i = 0; i < 3; i++)
            Enter(room, "192.0.2.1", $"crowd {i}");
        Assert.Empty(_left);
        Enter(room, "192.0.2.2", "late");
        Enter(room, "192.0.2.1", "crowd 3");
        Assert.Equal(["crowd 0", "crowd 1"], _left);
        Assert.Equal(4, room.Count);
    }

    [Fact]
    public void If_no_network_has_more_than_another_the_first_connection_leaves()
    {
        FairRoom room = new(2, TimeSpan.Zero, _time);
        Enter(room, "192.0.2.1", "first");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Enter(room, "192.0.2.2", "second");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Enter(room, "192.0.2.3", "third");
        Assert.Equal(["first"], _left);
    }

    /// <summary>The owner of a /64 has all of its addresses.</summary>
    [Fact]
    public void The_addresses_of_an_ipv6_network_count_together_and_mapped_ones_count_as_ipv4()
    {
        FairRoom room = new(3, TimeSpan.Zero, _time);
        Enter(room, "2001:db8:0:1::1", "a");
        Enter(room, "2001:db8:0:2::1", "other");
        Enter(room, "2001:db8:0:1:ffff::2", "b");
        Enter(room, "2001:db8:0:1:ffff::3", "c");
        Assert.Equal(["a"], _left);
        _left.Clear();

        FairRoom mapped = new(2, TimeSpan.Zero, _time);
        Enter(mapped, "192.0.2.1", "plain");
        Enter(mapped, "::ffff:192.0.2.1", "mapped");
        Enter(mapped, "::ffff:192.0.2.2", "other");
        Assert.Equal(["plain"], _left);
    }

    [Fact]
    public void A_crowd_that_comes_at_once_is_spared_for_a_moment_up_to_twice_the_room()
    {
        FairRoom room = new(3, Grace, _time);
        for (int i = 0; i < 6; i++)
            Enter(room, "192.0.2.1", $"{i}");
        Assert.Empty(_left);
        Enter(room, "192.0.2.1", "6");
        Assert.Equal(["0"], _left);

        // After the moment, as many leave as there are too many.
        _time.Advance(Grace);
        Enter(room, "192.0.2.2", "7");
        Assert.Equal(["0", "1", "2", "3", "4"], _left);
        Assert.Equal(3, room.Count);
    }

    [Fact]
    public void A_place_that_is_returned_makes_room_only_once()
    {
        FairRoom room = new(1, TimeSpan.Zero, _time);
        IDisposable place = Enter(room, "192.0.2.1", "a");
        place.Dispose();
        place.Dispose();
        Assert.Equal(0, room.Count);
        IDisposable second = Enter(room, "192.0.2.1", "b");
        Enter(room, "192.0.2.1", "c");
        second.Dispose();
        Assert.Equal(["b"], _left);
        Assert.Equal(1, room.Count);
    }

    [Fact]
    public void Many_threads_leave_no_trace()
    {
        FairRoom room = new(10, TimeSpan.Zero, _time);
        int evicted = 0;
        Parallel.For(0, 20_000, i =>
        {
            using IDisposable place = room.Enter(new IPAddress([192, 0, 2, (byte)(i % 50)]), () => Interlocked.Increment(ref evicted));
            Assert.InRange(room.Count, 0, 20);
        });
        Assert.Equal(0, room.Count);
    }

    private IDisposable Enter(FairRoom room, string address, string name) => room.Enter(IPAddress.Parse(address), () => _left.Add(name));
}
