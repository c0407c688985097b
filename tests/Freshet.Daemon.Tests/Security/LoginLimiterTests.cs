using System.Net;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Tests.Security;

public class LoginLimiterTests
{
    [Fact]
    public void An_address_that_fails_too_often_waits_and_others_do_not()
    {
        LoginLimiter limiter = new(TimeProvider.System);
        Fail(limiter, "192.0.2.1", Bounds.MaxFailuresOfAddress);
        Assert.NotNull(limiter.WaitOf(IPAddress.Parse("192.0.2.1")));
        Assert.NotNull(limiter.WaitOf(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.Null(limiter.WaitOf(IPAddress.Parse("192.0.2.2")));
    }

    [Fact]
    public void Addresses_of_one_IPv6_network_count_together()
    {
        LoginLimiter limiter = new(TimeProvider.System);
        for (int i = 0; i < Bounds.MaxFailuresOfAddress; i++)
            Fail(limiter, $"2001:db8:1:1::{i:x}", 1);
        Assert.NotNull(limiter.WaitOf(IPAddress.Parse("2001:db8:1:1:ffff::1")));
        Assert.Null(limiter.WaitOf(IPAddress.Parse("2001:db8:1:2::1")));
    }

    [Fact]
    public void Guesses_from_many_networks_keep_nobody_out_and_each_gets_only_a_few()
    {
        LoginLimiter limiter = new(TimeProvider.System);
        for (int i = 0; i < Bounds.MaxFailures * 2; i++)
            Fail(limiter, $"2001:db8:1:{i:x}::1", 1);
        Assert.NotNull(limiter.WaitOf(IPAddress.Parse("2001:db8:1:1::1")));

        // The owner, even next door, may be wrong once, but not twice.
        foreach (string owner in (string[])["198.51.100.1", "2001:db8:1:ffff::1"])
        {
            Assert.Null(limiter.WaitOf(IPAddress.Parse(owner)));
            Fail(limiter, owner, 1);
            Assert.NotNull(limiter.WaitOf(IPAddress.Parse(owner)));
        }
    }

    [Fact]
    public void The_counts_are_bounded_and_wrong_tokens_leave_room_for_passwords()
    {
        LoginLimiter limiter = new(TimeProvider.System);
        for (int i = 0; i < Bounds.MaxCountedNetworks * 2; i++)
            limiter.OnWrongToken(new IPAddress([0x20, 1, 0xd, 0xb8, 0, 0, (byte)(i >> 8), (byte)i, (byte)(i >> 16), 0, 0, 0, 0, 0, 0, 1]));
        Assert.InRange(limiter.Counted, 1, Bounds.MaxCountedNetworks / 2);
        Fail(limiter, "192.0.2.1", Bounds.MaxFailuresOfAddress);
        Assert.NotNull(limiter.WaitOf(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void Networks_with_wrong_passwords_are_counted_up_to_a_limit()
    {
        LoginLimiter limiter = new(TimeProvider.System);
        for (int i = 0; i < Bounds.MaxCountedNetworks + 100; i++)
            limiter.OnWrongPassword(new IPAddress([0x20, 1, 0xd, 0xb8, (byte)(i >> 8), (byte)i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
        Assert.Equal(2 * Bounds.MaxCountedNetworks, limiter.Counted);
    }

    [Fact]
    public void After_a_minute_everything_is_forgotten()
    {
        MovedTime time = new();
        LoginLimiter limiter = new(time);
        Fail(limiter, "192.0.2.1", Bounds.MaxFailuresOfAddress);
        time.Passed = TimeSpan.FromSeconds(59);
        Assert.Equal(TimeSpan.FromSeconds(1), limiter.WaitOf(IPAddress.Parse("192.0.2.1")));
        time.Passed = TimeSpan.FromSeconds(60);
        Assert.Null(limiter.WaitOf(IPAddress.Parse("192.0.2.1")));
        Assert.Equal(0, limiter.Counted);
    }

    [Fact]
    public void Nobody_gets_all_places_except_the_machine_itself()
    {
        NetworkPlaces places = new(16);
        Assert.Equal(places.MostOfNetwork, TakeAll(places, _ => "192.0.2.1").Count);
        List<IDisposable> area = TakeAll(places, i => $"2001:db8:1:{i:x}::1");
        Assert.Equal(places.MostOfArea, area.Count);
        Assert.NotNull(places.TryEnter(IPAddress.Parse("198.51.100.1")));
        area.ForEach(place => place.Dispose());
        area[0].Dispose();
        Assert.Equal(places.MostOfArea, TakeAll(places, i => $"2001:db8:1:{i:x}::1").Count);
        Assert.Equal(16, TakeAll(new NetworkPlaces(16), _ => "127.0.0.1").Count);
        Assert.Equal(16, TakeAll(new NetworkPlaces(16), _ => "::1").Count);
        Assert.Equal(16, TakeAll(new NetworkPlaces(16), _ => "::ffff:127.0.0.1").Count);
    }

    private static List<IDisposable> TakeAll(NetworkPlaces places, Func<int, string> addressOf) =>
        [.. Enumerable.Range(0, 100).Select(i => places.TryEnter(IPAddress.Parse(addressOf(i)))).OfType<IDisposable>()];

    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }

    private static void Fail(LoginLimiter limiter, string address, int times)
    {
        for (int i = 0; i < times; i++)
            limiter.OnWrongPassword(IPAddress.Parse(address));
    }
}
