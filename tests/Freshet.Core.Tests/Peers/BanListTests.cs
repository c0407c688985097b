using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Tests.Peers;

public class BanListTests
{
    private readonly BanList _bans = new(new Random(1));

    [Fact]
    public void A_ban_is_remembered_with_its_reason()
    {
        _bans.Add(Of("10.0.0.1"), "sent bad data");
        Assert.Equal("sent bad data", _bans.ReasonFor(Of("10.0.0.1")));
        Assert.Null(_bans.ReasonFor(Of("10.0.0.2")));
    }

    [Fact]
    public void A_ban_covers_the_IPv6_network_of_a_subscriber()
    {
        _bans.Add(Of("2001:db8:1:2::1"), "bad");
        Assert.True(_bans.Contains(Of("2001:db8:1:2:ffff::9")));
        Assert.False(_bans.Contains(Of("2001:db8:1:3::1")));
        Assert.False(_bans.Contains(Of("0.0.0.0")));
    }

    [Fact]
    public void The_first_network_of_a_site_is_not_the_site()
    {
        _bans.Add(Of("2001:db8:1:0::1"), "bad");
        Assert.False(_bans.Contains(Of("2001:db8:1:1::1")));
    }

    [Fact]
    public void Many_networks_of_one_site_are_banned_as_one()
    {
        for (int i = 0; i < 8; i++)
            _bans.Add(Of($"2001:db8:1:{i:x}::1"), "bad");
        Assert.True(_bans.Contains(Of("2001:db8:1:ffff::1")));
        Assert.False(_bans.Contains(Of("2001:db8:2::1")));
        Assert.Equal(1, _bans.Count);
    }

    [Fact]
    public void A_site_with_many_addresses_cannot_clear_one_of_them_by_burning_others()
    {
        _bans.Add(Of("192.0.2.1"), "bad");
        int stillBanned = 0;
        for (int i = 0; i < 2 * PeerLimits.MaxBannedPeers; i++)
        {
            _bans.Add(Number(i), "bad");
            stillBanned += _bans.Contains(Of("192.0.2.1")) ? 1 : 0;
            Assert.InRange(_bans.Count, 1, PeerLimits.MaxBannedPeers);
        }

        // First in, first out would have forgotten it after exactly as many bans as there is room for.
        Assert.NotEqual(PeerLimits.MaxBannedPeers - 1, stillBanned);
        int oldest = Enumerable.Range(0, PeerLimits.MaxBannedPeers).Count(i => _bans.Contains(Number(i)));
        Assert.InRange(oldest, PeerLimits.MaxBannedPeers / 4, PeerLimits.MaxBannedPeers / 2);
    }

    private static Origin Of(string address) => Origin.Of(new IPEndPoint(IPAddress.Parse(address), 6881));

    private static Origin Number(int number) => Origin.Of(new IPEndPoint(new IPAddress([10, 1, (byte)(number >> 8), (byte)number]), 1));
}
