using System.Net;
using System.Text;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Wire.Extensions;

public class PeerExchangeMessageTests
{
    [Fact]
    public void Peers_that_are_packed_as_BEP_11_says_are_read()
    {
        byte[] payload = Encoding.Latin1.GetBytes(
            "d5:added12:\u0001\u0002\u0003\u0004\u001a\u00e1\u0005\u0006\u0007\u0008\u0000\u00507:added.f2:\u0012\u00016:added618:"
            + "\u0020\u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001\u001a\u00e18:added6.f1:"
            + "\u00107:dropped6:\u0009\u0009\u0009\u0009\u0000\u0001e");
        Assert.True(PeerExchangeMessage.TryParse(payload, out IReadOnlyList<ExchangedPeer> added));
        Assert.Equal(
            [
                new(IPEndPoint.Parse("1.2.3.4:6881"), PeerExchangeFlags.UploadOnly | PeerExchangeFlags.Reachable),
                new(IPEndPoint.Parse("5.6.7.8:80"), PeerExchangeFlags.PrefersEncryption),
                new ExchangedPeer(IPEndPoint.Parse("[2001:db8::1]:6881"), PeerExchangeFlags.Reachable),
            ],
            added);
    }

    [Theory]
    [InlineData("")]
    [InlineData("le")]
    [InlineData("d5:added5:aaaaae")]
    [InlineData("d6:added617:aaaaaaaaaaaaaaaaae")]
    [InlineData("d5:added6:aaaaaa")]
    public void Other_messages_are_refused(string payload) =>
        Assert.False(PeerExchangeMessage.TryParse(Encoding.Latin1.GetBytes(payload), out _));

    [Fact]
    public void Flags_may_be_missing_and_values_of_another_kind_are_ignored()
    {
        Assert.True(PeerExchangeMessage.TryParse(
            "d5:added6:abcdef7:added.f0:6:added6le7:droppedi1ee"u8, out IReadOnlyList<ExchangedPeer> added));
        Assert.Equal(PeerExchangeFlags.None, Assert.Single(added).Flags);
    }

    [Fact]
    public void No_more_than_the_limit_is_taken()
    {
        ExchangedPeer[] many = [.. Enumerable.Range(1, 300).Select(i => new ExchangedPeer(new IPEndPoint(i, 1), default))];
        Assert.True(PeerExchangeMessage.TryParse(PeerExchangeMessage.Write(many, []), out IReadOnlyList<ExchangedPeer> added));
        Assert.Equal(many[..WireLimits.MaxExchangedPeers], added);
    }

    [Fact]
    public void The_longest_message_that_we_send_fits_its_row()
    {
        byte[] address = [0x20, 1, .. new byte[14]];
        IPEndPoint[] peers = [.. Enumerable.Repeat(new IPEndPoint(new IPAddress(address), 1), ExchangeLimits.MaxToldPeers)];
        ExchangedPeer[] added = [.. peers.Select(peer => new ExchangedPeer(peer, default))];
        Assert.InRange(PeerExchangeMessage.Write(added, peers).Length, 1, PeerExchangeMessage.MaxLength);
    }

    [Fact]
    public void A_message_that_is_written_is_read_back() =>
        Prop.ForAll(Gen.Choose(0, 10_000).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            ExchangedPeer[] v4 = [.. Enumerable.Range(0, random.Next(40)).Select(_ => Draw(random, 4))];
            ExchangedPeer[] v6 = [.. Enumerable.Range(0, random.Next(40)).Select(_ => Draw(random, 16))];
            Assert.True(PeerExchangeMessage.TryParse(
                PeerExchangeMessage.Write([.. v6, .. v4], [Draw(random, 4).EndPoint, Draw(random, 16).EndPoint]),
                out IReadOnlyList<ExchangedPeer> added));
            Assert.Equal([.. v4, .. v6], added);
        }).Holds(runs: 100);

    private static ExchangedPeer Draw(Random random, int length)
    {
        byte[] address = new byte[length];
        random.NextBytes(address);
        address[0] |= 1;
        return new ExchangedPeer(new IPEndPoint(new IPAddress(address), random.Next(65_536)), (PeerExchangeFlags)random.Next(32));
    }
}
