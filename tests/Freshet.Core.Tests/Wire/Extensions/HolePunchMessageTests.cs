using System.Net;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Wire.Extensions;

public class HolePunchMessageTests
{
    /// <summary>BEP 55, "Message format".</summary>
    [Theory]
    [InlineData("00 00 01020304 1ae1 00000000", 0, "1.2.3.4:6881", 0)]
    [InlineData("01 01 20010db8000000000000000000000001 1ae1 00000000", 1, "[2001:db8::1]:6881", 0)]
    [InlineData("02 00 01020304 0050 00000003", 2, "1.2.3.4:80", 3)]
    public void What_is_written_is_as_the_proposal_has_it(string hex, int kind, string endPoint, uint error)
    {
        HolePunchMessage message = new((HolePunchKind)kind, IPEndPoint.Parse(endPoint), (HolePunchError)error);
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(bytes, message.ToArray());
        Assert.True(HolePunchMessage.TryParse(bytes, out HolePunchMessage read));
        Assert.Equal(message, read);
    }

    /// <summary>libtorrent sends the error with errors alone; what comes behind it may be of a later version.</summary>
    [Theory]
    [InlineData("010001020304 1ae1", 0)]
    [InlineData("020001020304 1ae1", 0)]
    [InlineData("020001020304 1ae1 00000063", 99)]
    [InlineData("020001020304 1ae1 00000002 ffff", 2)]
    public void What_others_leave_out_or_add_is_no_fault(string hex, uint error)
    {
        Assert.True(Parse(hex, out HolePunchMessage read));
        Assert.Equal((HolePunchError)error, read.Error);
        Assert.Equal(IPEndPoint.Parse("1.2.3.4:6881"), read.EndPoint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("030001020304 1ae1 00000000")]
    [InlineData("000201020304 1ae1 00000000")]
    [InlineData("000001020304 1a")]
    [InlineData("000120010db8000000000000000000000001 1a")]
    public void What_makes_no_sense_is_not_read(string hex) => Assert.False(Parse(hex, out _));

    [Fact]
    public void An_IPv4_address_is_one_however_it_is_written()
    {
        Assert.True(Parse("00 01 00000000000000000000ffff01020304 1ae1 00000000", out HolePunchMessage read));
        Assert.Equal(IPEndPoint.Parse("1.2.3.4:6881"), read.EndPoint);
        Assert.Equal(
            new HolePunchMessage(HolePunchKind.Connect, IPEndPoint.Parse("1.2.3.4:6881")).ToArray(),
            new HolePunchMessage(HolePunchKind.Connect, IPEndPoint.Parse("[::ffff:1.2.3.4]:6881")).ToArray());
    }

    private static bool Parse(string hex, out HolePunchMessage message) =>
        HolePunchMessage.TryParse(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out message);
}
