using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Tests.Peers;

public class BindTargetTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", null)]
    [InlineData("2001:db8::1", "2001:db8::1", null)]
    [InlineData("eth0", null, "eth0")]
    [InlineData("enp0s31f6.20@x", null, "enp0s31f6.20@x")]
    [InlineData("Ethernet 2", null, "Ethernet 2")]
    public void Text_is_an_address_or_the_name_of_an_interface(string text, string? address, string? name)
    {
        Assert.True(BindTarget.TryParse(text, out BindTarget? target));
        Assert.Equal(address, target.Address?.ToString());
        Assert.Equal(name, target.InterfaceName);
        Assert.Equal(text, target.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    [InlineData("../eth0")]
    [InlineData("eth0\n")]
    [InlineData("127.0.0.1:80x")]
    public void Text_that_can_be_neither_is_refused(string? text)
    {
        Assert.False(BindTarget.TryParse(text, out _));
        Assert.Throws<ArgumentException>(() => BindTarget.ToInterface(text!));
    }

    [Fact]
    public void Targets_are_compared_by_what_they_mean()
    {
        Assert.Equal(BindTarget.ToAddress(IPAddress.Loopback), IPAddress.Parse("127.0.0.1"));
        Assert.NotEqual(BindTarget.ToInterface("lo"), BindTarget.ToInterface("lo0"));
        IPAddress? none = null;
        Assert.Null((BindTarget?)none);
    }
}
