using System.Net;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet.Tests.Network;

public class RelayedNamesTests
{
    private readonly RelayedNames _names = new();

    [Fact]
    public void A_name_keeps_its_address_and_has_it_alone()
    {
        IPAddress first = _names.AddressOf("a.test");
        Assert.Equal(first, _names.AddressOf("A.TEST"));
        Assert.NotEqual(first, _names.AddressOf("b.test"));
        Assert.Equal("a.test:80", HostOf(first));
        Assert.Equal(first, _names.Known("a.test"u8));
        Assert.Equal(IPAddress.Parse("192.0.2.1"), _names.AddressOf("192.0.2.1"));
        Assert.Null(HostOf(IPAddress.Parse("192.0.2.1")));
    }

    /// <summary>Twenty torrents with made-up trackers have more names than there is room for; the trackers of the next are asked all the
    /// same.</summary>
    [Fact]
    public void The_name_that_was_used_longest_ago_makes_room_for_a_new_one()
    {
        IPAddress oldest = _names.AddressOf("oldest.test");
        IPAddress asked = _names.AddressOf("asked.test");
        IPAddress sent = _names.AddressOf("sent.test");
        for (int i = 3; i < ProxyLimits.MaxRelayedNames; i++)
            _names.AddressOf($"{i}.test");
        Assert.Equal(asked, _names.AddressOf("asked.test"));
        Assert.Equal("sent.test:80", HostOf(sent));

        IPAddress added = _names.AddressOf("new.test");
        Assert.Equal("new.test:80", HostOf(added));
        Assert.Equal(added, _names.Known("new.test"u8));
        Assert.Equal(asked, _names.AddressOf("asked.test"));
        Assert.Equal("sent.test:80", HostOf(sent));

        // What still comes from it, or goes to it, has nothing to do with the new one.
        Assert.Null(_names.Known("oldest.test"u8));
        Assert.Null(HostOf(oldest));
        Assert.NotEqual(oldest, added);
        for (int i = 0; i < 3 * ProxyLimits.MaxRelayedNames; i++)
            Assert.Equal($"more-{i}.test:80", HostOf(_names.AddressOf($"more-{i}.test")));
        Assert.Null(HostOf(sent));
    }

    [Fact]
    public void After_the_last_number_come_those_that_are_free_again()
    {
        RelayedNames names = new(last: StandIn.MaxNumber - 1);
        Assert.Equal(IPAddress.Parse("0.255.255.255"), names.AddressOf("a.test"));
        Assert.Equal(IPAddress.Parse("0.0.0.1"), names.AddressOf("b.test"));
        Assert.Equal("a.test", names.HostOf(UdpAddress.From(new IPEndPoint(IPAddress.Parse("0.255.255.255"), 1)))!.Host);
    }

    private string? HostOf(IPAddress address) =>
        _names.HostOf(UdpAddress.From(new IPEndPoint(address, 80))) is { } host ? $"{host.Host}:{host.Port}" : null;
}
