using System.Net;
using Freshet.Core.PortMapping;

namespace Freshet.Core.Tests.PortMapping;

/// <summary>The layouts of RFC 6886, section 3, and RFC 6887, sections 7 and 11.1, byte for byte.</summary>
public class GatewayMessageTests
{
    private static readonly byte[] Nonce = Convert.FromHexString("000102030405060708090a0b");

    [Fact]
    public void NAT_PMP_requests_have_the_layout_of_the_RFC()
    {
        Assert.Equal("0000", Convert.ToHexString(NatPmpMessage.WriteAddress()));
        Assert.Equal("000100001AE11AE200001C20", Convert.ToHexString(NatPmpMessage.WriteMap(MappedProtocol.Udp, 6881, 6882, 7200)));
        Assert.Equal("000200001AE1000000000000", Convert.ToHexString(NatPmpMessage.WriteMap(MappedProtocol.Tcp, 6881, 0, 0)));
    }

    [Fact]
    public void NAT_PMP_answers_are_read()
    {
        // As miniupnpd 2.3.1 sends them.
        Assert.True(NatPmpMessage.TryRead(Convert.FromHexString("00800000000000020B000001"), out GatewayAnswer address));
        Assert.Equal((0, 2u, IPAddress.Parse("11.0.0.1")), (address.Result, address.Epoch, address.ExternalAddress));
        Assert.Null(address.Protocol);
        Assert.True(NatPmpMessage.TryRead(Convert.FromHexString("00810000000000021AE11AE200001C20"), out GatewayAnswer mapped));
        Assert.Equal(
            new GatewayAnswer
            {
                Protocol = MappedProtocol.Udp,
                Result = 0,
                Epoch = 2,
                InternalPort = 6881,
                ExternalPort = 6882,
                LifetimeSeconds = 7200,
            },
            mapped);
        Assert.True(NatPmpMessage.TryRead(Convert.FromHexString("00820003000000031AE11AE100001C20"), out GatewayAnswer refused));
        Assert.Equal((MappedProtocol.Tcp, 3), (refused.Protocol!.Value, refused.Result));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0080000000000002")]
    [InlineData("00800000000000020B0000")]
    [InlineData("00810000000000021AE11AE200001C")]
    [InlineData("00830000000000021AE11AE200001C20")]
    [InlineData("00010000000000021AE11AE200001C20")]
    [InlineData("02810000000000021AE11AE200001C20")]
    public void Messages_that_are_not_NAT_PMP_answers_are_refused(string hex) =>
        Assert.False(NatPmpMessage.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void A_PCP_request_has_the_layout_of_the_RFC()
    {
        byte[] request = PcpMessage.WriteMap(MappedProtocol.Tcp, IPAddress.Parse("192.168.1.7"), Nonce, (6881, 6882), 7200);
        Assert.Equal(
            "0201000000001C20" + "00000000000000000000FFFFC0A80107"
            + "000102030405060708090A0B" + "06000000" + "1AE11AE2" + "00000000000000000000FFFF00000000",
            Convert.ToHexString(request));
        byte[] v6 = PcpMessage.WriteMap(MappedProtocol.Udp, IPAddress.Parse("2001:db8::7"), Nonce, (1, 1), 0);
        Assert.Equal("20010DB8000000000000000000000007", Convert.ToHexString(v6.AsSpan(8, 16)));
        Assert.Equal(new string('0', 32), Convert.ToHexString(v6.AsSpan(44, 16)));
    }

    [Fact]
    public void A_PCP_answer_is_read()
    {
        Assert.True(PcpMessage.TryRead(Answer(), Nonce, out GatewayAnswer answer));
        Assert.Equal(
            new GatewayAnswer
            {
                Protocol = MappedProtocol.Tcp,
                Result = 0,
                Epoch = 66,
                InternalPort = 6881,
                ExternalPort = 6882,
                ExternalAddress = IPAddress.Parse("198.51.100.9"),
                LifetimeSeconds = 3600,
            },
            answer);
    }

    [Fact]
    public void A_PCP_answer_with_the_nonce_of_somebody_else_is_refused()
    {
        byte[] other = [.. Nonce];
        other[11]++;
        Assert.False(PcpMessage.TryRead(Answer(), other, out _));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 0x82)]
    [InlineData(36, 1)]
    public void Messages_that_are_not_PCP_answers_are_refused(int place, byte value)
    {
        byte[] answer = Answer();
        answer[place] = value;
        Assert.False(PcpMessage.TryRead(answer, Nonce, out _));
        Assert.False(PcpMessage.TryRead(Answer().AsSpan(0, 56), Nonce, out _));
        Assert.False(PcpMessage.TryRead([.. Answer(), 1], Nonce, out _));
    }

    [Fact]
    public void A_gateway_that_only_speaks_NAT_PMP_is_recognized()
    {
        // RFC 6886, section 3.5: version 0, opcode 128 + ours, result 1.
        Assert.True(PcpMessage.IsOtherVersion(Convert.FromHexString("0081000100000042")));
        Assert.False(PcpMessage.IsOtherVersion(Convert.FromHexString("0081000000000042")));
        Assert.False(PcpMessage.IsOtherVersion(Answer()));
    }

    private static byte[] Answer() => Convert.FromHexString(
        "0281000000000E10" + "00000042" + "000000000000000000000000"
        + "000102030405060708090A0B" + "06000000" + "1AE11AE2" + "00000000000000000000FFFFC6336409");
}
