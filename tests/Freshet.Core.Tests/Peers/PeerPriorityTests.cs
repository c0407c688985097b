using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Tests.Peers;

public class PeerPriorityTests
{
    /// <summary>The two examples of BEP 40.</summary>
    [Theory]
    [InlineData("123.213.32.10", "98.76.54.32", 0xec2d7224)]
    [InlineData("123.213.32.10", "123.213.32.234", 0x99568189)]
    public void The_examples_of_BEP_40_hold_from_both_ends(string one, string other, uint priority)
    {
        Assert.Equal(priority, PeerPriority.Of(At(one), At(other)));
        Assert.Equal(priority, PeerPriority.Of(At(other), At(one)));
        Assert.Equal(priority, PeerPriority.Of(At("::ffff:" + one), At(other)));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    public void For_equal_addresses_the_ports_count(string one, string other)
    {
        Assert.NotEqual(PeerPriority.Of(At(one, 1), At(other, 2)), PeerPriority.Of(At(one, 1), At(other, 3)));
        Assert.Equal(PeerPriority.Of(At(one, 1), At(other, 2)), PeerPriority.Of(At(other, 2), At(one, 1)));
    }

    [Theory]
    [InlineData("2001:db8::1", "2a00:1:2:3::4")]
    [InlineData("2001:db8:1::1", "2001:db8:2::1")]
    [InlineData("2001:db8::1", "10.0.0.1")]
    public void Both_ends_agree(string one, string other) =>
        Assert.Equal(PeerPriority.Of(At(one), At(other)), PeerPriority.Of(At(other), At(one)));

    [Fact]
    public void Neighbours_in_a_foreign_network_have_few_priorities()
    {
        // The mask 0x55 keeps four bits of the last byte, so 256 addresses share 16 priorities.
        uint[] priorities = [.. Enumerable.Range(0, 256).Select(last => PeerPriority.Of(At("123.213.32.10"), At($"98.76.54.{last}")))];
        Assert.Equal(16, priorities.Distinct().Count());
    }

    private static IPEndPoint At(string address, int port = 0) => new(IPAddress.Parse(address), port);
}
