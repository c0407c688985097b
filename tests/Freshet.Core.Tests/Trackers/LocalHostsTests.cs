using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

/// <summary>Hosts that are not on the internet, and that name servers must not learn about (RFC 6761, 6762, 7686, 8375, 9476).</summary>
public sealed class LocalHostsTests
{
    [Theory]
    [InlineData("nas")]
    [InlineData("nas.")]
    [InlineData("localhost")]
    [InlineData("printer.LOCAL")]
    [InlineData("any.localhost")]
    [InlineData("nas.home.arpa.")]
    [InlineData("nas.internal")]
    [InlineData("tracker.lan")]
    [InlineData("tracker.test")]
    [InlineData("192.168.0.7")]
    [InlineData("[::1]")]
    public void Hosts_of_local_networks_and_of_this_machine_are_recognized(string host)
    {
        Assert.True(LocalHosts.Contains(host));
        Assert.True(LocalHosts.IsOutsideDns(host));
    }

    [Theory]
    [InlineData("abcdef.onion")]
    [InlineData("tracker.i2p")]
    [InlineData("tracker.gns.alt")]
    [InlineData("tracker.invalid.")]
    [InlineData("9.9.9.9")]
    public void No_name_server_knows_about_other_systems_and_addresses(string host)
    {
        Assert.False(LocalHosts.Contains(host));
        Assert.True(LocalHosts.IsOutsideDns(host));
    }

    [Theory]
    [InlineData("tracker.example")]
    [InlineData("tracker.example.")]
    [InlineData("local.tracker.example")]
    [InlineData("notlocal.com")]
    [InlineData("myhome.arpa.example")]
    [InlineData("xn--bcher-kva.example")]
    public void Other_hosts_are_on_the_internet(string host)
    {
        Assert.False(LocalHosts.Contains(host));
        Assert.False(LocalHosts.IsOutsideDns(host));
    }
}
