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
    public void Messages_are_written_as_the_proposal_has_them(string hex, int kind, string endPoint, uint error)
    {
        HolePunchMessage message = new((HolePunchKind)kind, IPEndPoint.Parse(endPoint), (HolePunchError)error);
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(bytes, message.ToArray());
        Assert.True(HolePunchMessage.TryParse(bytes, out HolePunchMessage read));
        Assert.Equal(message, read);
    }

    /// <summary>libtorrent sends the error field only with errors; what follows it may belong to a later version.</summary>
    [Theory]
    [InlineData("010001020304 1ae1", 0)]
    [InlineData("020001020304 1ae1", 0)]
    [InlineData("020001020304 1ae1 00000063", 99)]
    [InlineData("020001020304 1ae1 00000002 ffff", 2)]
    public void Fields_that_others_leave_out_or_add_are_no_fault(string hex, uint error)
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
    public void Invalid_messages_are_not_read(string hex) => Assert.False(Parse(hex, out _));

    [Fact]
    public void An_IPv4_address_is_recognized_however_it_is_written()
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
